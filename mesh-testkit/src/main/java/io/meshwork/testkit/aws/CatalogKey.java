package io.meshwork.testkit.aws;

/**
 * A Data Catalog: each account has one in each region.
 *
 * @param account its owner, 12 digits
 * @param region the region
 */
record CatalogKey(String account, String region) {
  /** Returns the ARN of what this catalog contains, such as {@code database/sales}. */
  String arn(String path) {
    return "arn:aws:glue:" + region + ":" + account + ":" + path;
  }

  /** Returns the catalog of another account in the same region. */
  CatalogKey of(String otherAccount) {
    return new CatalogKey(otherAccount, region);
  }
}
