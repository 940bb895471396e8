package io.meshwork.testkit.aws.internal.s3;

import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.S3Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/** Verifies the checksums that a request to S3 states of its content, in headers and trailers. */
final class S3Checksums {
  static final String PREFIX = "x-amz-checksum-";
  private static final String CONTENT_HASH = "X-Amz-Content-Sha256";
  private static final int HEX_DIGITS_OF_SHA_256 = 64;

  /** The algorithms by the suffix of their header. */
  private static final Map<String, Supplier<Digest>> ALGORITHMS =
      Map.of(
          "crc32", () -> Digest.of(new CRC32()),
          "crc32c", () -> Digest.of(new CRC32C()),
          "sha1", () -> Digest.of("SHA-1"),
          "sha256", () -> Digest.of("SHA-256"));

  private S3Checksums() {}

  /** Computes one checksum. */
  private interface Digest {
    void update(byte[] bytes, int length);

    byte[] value();

    static Digest of(Checksum checksum) {
      return new Digest() {
        @Override
        public void update(byte[] bytes, int length) {
          checksum.update(bytes, 0, length);
        }

        @Override
        public byte[] value() {
          return ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array();
        }
      };
    }

    static Digest of(String algorithm) {
      MessageDigest digest;
      try {
        digest = MessageDigest.getInstance(algorithm);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
      return new Digest() {
        @Override
        public void update(byte[] bytes, int length) {
          digest.update(bytes, 0, length);
        }

        @Override
        public byte[] value() {
          return digest.digest();
        }
      };
    }
  }

  /** Returns the content of a request as text, without the encoding aws-chunked. */
  static String content(AwsRequest request) throws IOException {
    try (InputStream input = open(request)) {
      return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * Returns the error for content that differs from a checksum, or from its length; null if it does
   * not differ.
   */
  static @Nullable AwsReply error(AwsRequest request, S3Operation operation) throws IOException {
    if (operation.name().equals("CompleteMultipartUpload")) {
      return null; // the checksums belong to the object, not to this body
    }
    Map<String, String> stated = stated(request);
    Map<String, Digest> digests = new TreeMap<>();
    stated.keySet().forEach(name -> digests.put(name, digest(name)));
    String trailer = request.header("X-Amz-Trailer");
    if (trailer != null && trailer.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
      String name = trailer.toLowerCase(Locale.ROOT).strip();
      digests.put(name, digest(name));
    }
    long length = 0;
    try (InputStream input = open(request)) {
      byte[] buffer = new byte[1 << 16];
      for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
        length += read;
        for (Digest digest : digests.values()) {
          digest.update(buffer, read);
        }
      }
      if (input instanceof AwsChunkedInput chunked) {
        stated.putAll(chunked.trailers());
      }
    } catch (IOException e) {
      return AwsReply.error("s3", 400, "IncompleteBody", "The body is incomplete: " + e);
    }
    String decoded = request.header("X-Amz-Decoded-Content-Length");
    if (decoded != null && Long.parseLong(decoded) != length) {
      return AwsReply.error("s3", 400, "IncompleteBody", "The body has " + length + " bytes.");
    }
    for (Map.Entry<String, Digest> digest : digests.entrySet()) {
      String name = digest.getKey();
      if (!encoded(name, digest.getValue().value()).equals(stated.get(name))) {
        return mismatch(name);
      }
    }
    return null;
  }

  /** Returns the checksums of an object or part by algorithm, also ones after its content. */
  static Map<String, String> ofObject(AwsRequest request) throws IOException {
    Map<String, String> stated = stated(request);
    try (InputStream input = open(request)) {
      input.transferTo(OutputStream.nullOutputStream());
      if (input instanceof AwsChunkedInput chunked) {
        stated.putAll(chunked.trailers());
      }
    }
    Map<String, String> checksums = new TreeMap<>();
    stated.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX)) {
            checksums.put(name.substring(PREFIX.length()), value);
          }
        });
    return checksums;
  }

  private static InputStream open(AwsRequest request) throws IOException {
    String hash = request.header(CONTENT_HASH);
    InputStream body = request.body().open();
    return hash != null && hash.startsWith("STREAMING-") ? new AwsChunkedInput(body) : body;
  }

  private static Map<String, String> stated(AwsRequest request) {
    Map<String, String> stated = new TreeMap<>();
    request
        .headers()
        .forEach(
            (name, values) -> {
              String lowerCase = name.toLowerCase(Locale.ROOT);
              if (isChecksum(lowerCase)) {
                stated.put(lowerCase, values.get(0));
              }
            });
    String hash = request.header(CONTENT_HASH);
    if (hash != null && hash.length() == HEX_DIGITS_OF_SHA_256) {
      stated.put(CONTENT_HASH, hash);
    }
    return stated;
  }

  private static boolean isChecksum(String header) {
    return (header.startsWith(PREFIX)
            && !header.equals("x-amz-checksum-algorithm")
            && !header.equals("x-amz-checksum-mode")
            && !header.equals("x-amz-checksum-type"))
        || header.equals("content-md5");
  }

  private static Digest digest(String header) {
    if (header.equals("content-md5")) {
      return Digest.of("MD5");
    }
    if (header.equals(CONTENT_HASH)) {
      return Digest.of("SHA-256");
    }
    Supplier<Digest> algorithm = ALGORITHMS.get(header.substring(PREFIX.length()));
    if (algorithm == null) {
      throw new NotEmulatedException("The checksum " + header + " is not emulated.");
    }
    return algorithm.get();
  }

  private static String encoded(String name, byte[] value) {
    return name.equals(CONTENT_HASH)
        ? HexFormat.of().formatHex(value)
        : Base64.getEncoder().encodeToString(value);
  }

  private static AwsReply mismatch(String header) {
    if (header.equals(CONTENT_HASH)) {
      return AwsReply.error(
          "s3",
          400,
          "XAmzContentSHA256Mismatch",
          "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }
    return AwsReply.error(
        "s3",
        400,
        "BadDigest",
        header.equals("content-md5")
            ? "The Content-MD5 you specified did not match what we received."
            : "The "
                + header.substring(PREFIX.length()).toUpperCase(Locale.ROOT)
                + " you specified did not match the calculated checksum.");
  }
}
