package io.meshwork.walk;

/** The next major version of a product has the same rows, with another name for a column. */
final class Next {
  private Next() {}

  record ZonedItem(long id, String zone, String person) {}
}
