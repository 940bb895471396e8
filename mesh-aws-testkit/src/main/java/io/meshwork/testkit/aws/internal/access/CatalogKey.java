package io.meshwork.testkit.aws.internal.access;

/**
 * A Data Catalog: each account has one in each region.
 *
 * @param account its owner, 12 digits
 * @param region the region
 */
public record CatalogKey(String account, String region) {
  /** Returns the ARN of what this catalog contains, such as {@code database/sales}. */
  public String arn(String path) {
    return "arn:aws:glue:" + region + ":" + account + ":" + path;
  }

  /** Returns the catalog of another account in the same region. */
  public CatalogKey of(String otherAccount) {
    return new CatalogKey(otherAccount, region);
  }
}
