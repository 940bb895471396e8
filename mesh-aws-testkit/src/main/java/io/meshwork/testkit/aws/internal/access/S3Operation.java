package io.meshwork.testkit.aws.internal.access;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a request to S3 does, from its method, path, and query.
 *
 * @param name the operation, such as {@code PutObject}
 * @param bucket the bucket; empty if it lists all buckets
 * @param key the decoded key; empty if the operation is one of a bucket
 */
public record S3Operation(String name, String bucket, String key) {
  /** The parameter that selects a part of a bucket, and how operations name that part. */
  private static final Map<String, String> PARTS_OF_BUCKETS = new LinkedHashMap<>();

  static {
    PARTS_OF_BUCKETS.put("policy", "BucketPolicy");
    PARTS_OF_BUCKETS.put("versioning", "BucketVersioning");
    PARTS_OF_BUCKETS.put("encryption", "BucketEncryption");
    PARTS_OF_BUCKETS.put("lifecycle", "BucketLifecycleConfiguration");
    PARTS_OF_BUCKETS.put("publicAccessBlock", "PublicAccessBlock");
    PARTS_OF_BUCKETS.put("ownershipControls", "BucketOwnershipControls");
    PARTS_OF_BUCKETS.put("tagging", "BucketTagging");
    PARTS_OF_BUCKETS.put("location", "BucketLocation");
    PARTS_OF_BUCKETS.put("object-lock", "ObjectLockConfiguration");
  }

  public static S3Operation of(AwsRequest request) {
    String path = request.path().substring(1);
    int slash = path.indexOf('/');
    String bucket = decoded(slash < 0 ? path : path.substring(0, slash));
    String key = slash < 0 ? "" : decoded(path.substring(slash + 1));
    String name;
    if (bucket.isEmpty()) {
      name = "ListBuckets";
    } else if (key.isEmpty()) {
      name = ofBucket(request.method(), request.query());
    } else {
      name = ofObject(request);
    }
    return new S3Operation(name, bucket, key);
  }

  private static String ofBucket(String method, Map<String, String> query) {
    for (Map.Entry<String, String> part : PARTS_OF_BUCKETS.entrySet()) {
      if (query.containsKey(part.getKey())) {
        return verb(method) + part.getValue();
      }
    }
    if (method.equals("POST") && query.containsKey("delete")) {
      return "DeleteObjects";
    }
    if (method.equals("GET")) {
      if (query.containsKey("versions")) {
        return "ListObjectVersions";
      }
      if (query.containsKey("uploads")) {
        return "ListMultipartUploads";
      }
      return query.containsKey("list-type") ? "ListObjectsV2" : "ListObjects";
    }
    return (method.equals("PUT") ? "Create" : verb(method)) + "Bucket";
  }

  private static String ofObject(AwsRequest request) {
    Map<String, String> query = request.query();
    boolean copies = request.header("X-Amz-Copy-Source") != null;
    if (query.containsKey("uploads")) {
      return "CreateMultipartUpload";
    }
    if (query.containsKey("uploadId")) {
      return switch (request.method()) {
        case "PUT" -> copies ? "UploadPartCopy" : "UploadPart";
        case "POST" -> "CompleteMultipartUpload";
        case "DELETE" -> "AbortMultipartUpload";
        default -> "ListParts";
      };
    }
    for (String part : new String[] {"tagging", "retention", "legal-hold", "acl", "attributes"}) {
      if (query.containsKey(part)) {
        return verb(request.method()) + "Object" + capitalized(part);
      }
    }
    return request.method().equals("PUT") && copies
        ? "CopyObject"
        : verb(request.method()) + "Object";
  }

  private static String verb(String method) {
    return capitalized(method.toLowerCase(Locale.ROOT));
  }

  private static String capitalized(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** In a path, unlike a form, a plus sign is a plus sign. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
