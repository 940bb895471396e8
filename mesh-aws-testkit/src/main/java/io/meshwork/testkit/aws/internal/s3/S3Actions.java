package io.meshwork.testkit.aws.internal.s3;

import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.S3Operation;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The actions that a request to S3 needs. */
final class S3Actions {
  private static final Pattern KEY = Pattern.compile("<Key>(.*?)</Key>", Pattern.DOTALL);

  /** Actions that do not have the name of their operation. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("ListBuckets", "ListAllMyBuckets"),
          Map.entry("HeadBucket", "ListBucket"),
          Map.entry("ListObjects", "ListBucket"),
          Map.entry("ListObjectsV2", "ListBucket"),
          Map.entry("ListObjectVersions", "ListBucketVersions"),
          Map.entry("ListMultipartUploads", "ListBucketMultipartUploads"),
          Map.entry("ListParts", "ListMultipartUploadParts"),
          Map.entry("HeadObject", "GetObject"),
          Map.entry("CopyObject", "PutObject"),
          Map.entry("CreateMultipartUpload", "PutObject"),
          Map.entry("UploadPart", "PutObject"),
          Map.entry("UploadPartCopy", "PutObject"),
          Map.entry("CompleteMultipartUpload", "PutObject"),
          Map.entry("DeleteObjects", "DeleteObject"),
          Map.entry("GetBucketEncryption", "GetEncryptionConfiguration"),
          Map.entry("PutBucketEncryption", "PutEncryptionConfiguration"),
          Map.entry("DeleteBucketEncryption", "PutEncryptionConfiguration"),
          Map.entry("GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"),
          Map.entry("PutBucketLifecycleConfiguration", "PutLifecycleConfiguration"),
          Map.entry("DeleteBucketLifecycleConfiguration", "PutLifecycleConfiguration"),
          Map.entry("GetPublicAccessBlock", "GetBucketPublicAccessBlock"),
          Map.entry("PutPublicAccessBlock", "PutBucketPublicAccessBlock"),
          Map.entry("DeletePublicAccessBlock", "PutBucketPublicAccessBlock"),
          Map.entry("DeleteBucketTagging", "PutBucketTagging"),
          Map.entry("DeleteBucketOwnershipControls", "PutBucketOwnershipControls"),
          Map.entry("GetObjectLockConfiguration", "GetBucketObjectLockConfiguration"),
          Map.entry("PutObjectLockConfiguration", "PutBucketObjectLockConfiguration"));

  private S3Actions() {}

  /** Returns all actions; actions on other buckets, from which objects are copied, follow. */
  static List<IamAction> of(AwsRequest request, S3Operation operation) throws IOException {
    List<IamAction> actions = new ArrayList<>();
    for (String resource : resources(request, operation)) {
      actions.add(
          IamAction.of(name(request, operation), resource)
              .with("aws:SecureTransport", isPlain(request) ? "false" : "true")
              .with("s3:prefix", request.query().get("prefix"))
              .with("s3:if-none-match", request.header("If-None-Match"))
              .with("s3:if-match", request.header("If-Match"))
              .with("s3:x-amz-acl", request.header("X-Amz-Acl"))
              .with("s3:ObjectCreationOperation", creation(operation))
              .with(
                  "s3:x-amz-server-side-encryption", request.header("X-Amz-Server-Side-Encryption"))
              .with(
                  "s3:x-amz-server-side-encryption-aws-kms-key-id",
                  request.header("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id")));
    }
    String source = request.header("X-Amz-Copy-Source");
    if (source != null) {
      String path = URLDecoder.decode(source.replace("+", "%2B"), StandardCharsets.UTF_8);
      actions.add(
          IamAction.of(
              "s3:GetObject",
              "arn:aws:s3:::" + path.replaceFirst("^/", "").replaceFirst("\\?versionId=.*$", "")));
    }
    return actions;
  }

  /** Returns the action by which a caller may learn that a key does not exist. */
  static IamAction list(String bucket) {
    return IamAction.of("s3:ListBucket", "arn:aws:s3:::" + bucket);
  }

  /** Returns the bucket of an action; empty if it is not about one bucket. */
  static String bucket(IamAction action) {
    String resource = action.resource();
    if (resource == null || !resource.startsWith("arn:aws:s3:::")) {
      return "";
    }
    String path = resource.substring("arn:aws:s3:::".length());
    int slash = path.indexOf('/');
    return slash < 0 ? path : path.substring(0, slash);
  }

  /** Returns the keys that a request to delete many objects lists. */
  static List<String> keys(AwsRequest request) throws IOException {
    List<String> keys = new ArrayList<>();
    Matcher key = KEY.matcher(S3Checksums.content(request));
    while (key.find()) {
      keys.add(
          key.group(1)
              .replace("&lt;", "<")
              .replace("&gt;", ">")
              .replace("&quot;", "\"")
              .replace("&apos;", "'")
              .replace("&amp;", "&"));
    }
    return keys;
  }

  private static List<String> resources(AwsRequest request, S3Operation operation)
      throws IOException {
    String bucket = "arn:aws:s3:::" + operation.bucket();
    if (operation.bucket().isEmpty()) {
      return List.of("*");
    }
    if (operation.name().equals("DeleteObjects")) {
      return keys(request).stream().map(key -> bucket + "/" + key).toList();
    }
    return List.of(operation.key().isEmpty() ? bucket : bucket + "/" + operation.key());
  }

  private static String name(AwsRequest request, S3Operation operation) {
    String name = NAMES.getOrDefault(operation.name(), operation.name());
    boolean isOfVersion =
        request.query().containsKey("versionId")
            && (name.equals("GetObject") || name.equals("DeleteObject"));
    return "s3:" + name + (isOfVersion ? "Version" : "");
  }

  /** The endpoint has no TLS, so requests count as encrypted, unless they say otherwise. */
  private static boolean isPlain(AwsRequest request) {
    return "http".equals(request.header("X-Forwarded-Proto"));
  }

  private static String creation(S3Operation operation) {
    return switch (operation.name()) {
      case "PutObject", "CopyObject", "CompleteMultipartUpload" -> "true";
      default -> "false";
    };
  }
}
