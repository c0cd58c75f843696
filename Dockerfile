# espalier, and nothing else: for who wants to run `espalier conform` and has
# Docker. Nothing is pulled and nothing is run to build it. `make image` provides
# the build context, which has one entry:
#
#   espalier    a static Linux binary: CGO_ENABLED=0 go build -o espalier .
#
# It reads and writes in /work, as whoever runs it:
#
#   docker run --rm --network host --user "$(id -u):$(id -g)" -v "$PWD:/work" IMAGE \
#       conform --url http://127.0.0.1:1880/data --device t1 --passphrase-file k1
#
# There is no shell in it, so that hooks have to be URLs.
FROM scratch
COPY espalier /espalier
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/espalier"]
CMD ["conform", "--help"]
