package io.meshwork.testkit.aws.internal.s3;

import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.S3Operation;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The checksums of multipart uploads. S3 rejects a part whose checksum has an algorithm other than
 * the upload declared, and a completion without the checksum of each part. Thread-safe.
 */
final class S3Uploads {
  private static final String NONE = "null";
  private static final Pattern ID = Pattern.compile("<UploadId>(.*?)</UploadId>");
  private static final Pattern PART = Pattern.compile("<Part>(.*?)</Part>", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("<PartNumber>(\\d+)</PartNumber>");

  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

  /**
   * An upload.
   *
   * @param algorithm such as {@code crc32}; {@link #NONE} if it declared none
   * @param checksums the checksums of its parts by number
   */
  private record Upload(String algorithm, Map<Integer, String> checksums) {}

  /** Returns why S3 rejects a request; null if it does not. */
  @Nullable AwsReply error(AwsRequest request, S3Operation operation) throws IOException {
    if ("FULL_OBJECT".equals(request.header("x-amz-checksum-type"))) {
      throw new NotEmulatedException("Checksums of whole objects in parts are not emulated.");
    }
    Upload upload = uploads.get(request.query().getOrDefault("uploadId", ""));
    if (upload == null) {
      return null;
    }
    return switch (operation.name()) {
      case "UploadPart" -> mismatch(upload.algorithm(), algorithm(request));
      case "CompleteMultipartUpload" -> incomplete(upload, request);
      default -> null;
    };
  }

  private static @Nullable AwsReply mismatch(String declared, String actual) {
    return declared.equals(actual)
        ? null
        : rejected(
            "Checksum Type mismatch occurred, expected checksum Type: "
                + declared
                + ", actual checksum Type: "
                + actual);
  }

  private static String algorithm(AwsRequest request) throws IOException {
    return S3Checksums.ofObject(request).keySet().stream().findFirst().orElse(NONE);
  }

  private static @Nullable AwsReply incomplete(Upload upload, AwsRequest request)
      throws IOException {
    if (upload.algorithm().equals(NONE)) {
      return null;
    }
    String name = "Checksum" + upload.algorithm().toUpperCase(Locale.ROOT);
    Matcher part = PART.matcher(S3Checksums.content(request));
    while (part.find()) {
      Matcher number = NUMBER.matcher(part.group(1));
      Matcher checksum =
          Pattern.compile("<" + name + ">(.*?)</" + name + ">").matcher(part.group(1));
      if (!number.find() || !checksum.find()) {
        return rejected(
            "The upload was created using a "
                + upload.algorithm()
                + " checksum. The complete request must include the checksum for each part.");
      }
      int stated = Integer.parseInt(number.group(1));
      if (!checksum.group(1).equals(upload.checksums().get(stated))) {
        return AwsReply.error(
            "s3", 400, "InvalidPart", "The checksum of part " + stated + " is another one.");
      }
    }
    return null;
  }

  private static AwsReply rejected(String message) {
    return AwsReply.error("s3", 400, "InvalidRequest", message);
  }

  /** Records a request that succeeded, and returns its reply as S3 gives it. */
  AwsReply record(AwsRequest request, S3Operation operation, AwsReply reply) throws IOException {
    String id = request.query().getOrDefault("uploadId", "");
    switch (operation.name()) {
      case "CreateMultipartUpload" -> {
        return create(request, reply);
      }
      case "UploadPart" -> {
        Upload upload = uploads.get(id);
        return upload == null ? reply : withPart(upload, request, reply);
      }
      case "CompleteMultipartUpload", "AbortMultipartUpload" -> uploads.remove(id);
      default -> {}
    }
    return reply;
  }

  private AwsReply create(AwsRequest request, AwsReply reply) throws IOException {
    String algorithm = request.header("x-amz-checksum-algorithm");
    String text = reply.text();
    Matcher id = ID.matcher(text);
    if (id.find()) {
      uploads.put(
          id.group(1),
          new Upload(
              algorithm == null ? NONE : algorithm.toLowerCase(Locale.ROOT),
              new ConcurrentHashMap<>()));
    }
    return reply.withBody(text);
  }

  private static AwsReply withPart(Upload upload, AwsRequest request, AwsReply reply)
      throws IOException {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(reply.headers());
    Map<String, String> checksums = new HashMap<>(S3Checksums.ofObject(request));
    checksums.forEach(
        (algorithm, value) -> {
          headers.put(S3Checksums.PREFIX + algorithm, List.of(value));
          upload
              .checksums()
              .put(Integer.parseInt(request.query().getOrDefault("partNumber", "0")), value);
        });
    return new AwsReply(reply.status(), headers, reply.length(), reply.body());
  }
}
