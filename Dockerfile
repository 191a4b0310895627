# The result of `make run` in a container. Publish port 8000 on loopback only:
#   docker build -t anze . && docker run --rm --network host anze
FROM python:3.11-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/anze
COPY . .
RUN make index
CMD ["make", "run"]
