package io.meshwork.aws.internal.mirror.opendata;

/**
 * The key of the statement of a domain in the policy of a bucket.
 *
 * @param bucket the name of the bucket
 * @param domain the storage name of the domain
 */
record OpenDataKey(String bucket, String domain) {
  static OpenDataKey of(String bucket, String domain) {
    return new OpenDataKey(bucket, domain);
  }

  /** Parses the text of a key. */
  static OpenDataKey parse(String key) {
    int slash = key.indexOf('/');
    return new OpenDataKey(key.substring(0, slash), key.substring(slash + 1));
  }

  /** Returns the ID of the statement. */
  String sid() {
    return OpenDataStatement.sid(domain);
  }

  @Override
  public String toString() {
    return bucket + "/" + domain;
  }
}
