package io.meshwork.access;

import io.meshwork.product.ProductName;
import java.util.List;

/**
 * Whether the rights of a principal let it read a product, and why or why not. Where the owner
 * suspends reads, a read fails whatever the rights are, and its error says so. Only {@link
 * #rowFilters} contains conditions on rows. Immutable; a snapshot as of the call. Two are equal if
 * all of their attributes are. {@code toString()} is for people.
 */
public interface ExplainedAccess {
  /** Returns the reader, such as {@code finance/analyst}, or {@code the mesh}. */
  String who();

  /** Returns the product, in its current major version or in the version of the named link. */
  ProductName product();

  /** Returns true if some of the product may be read. */
  boolean isAllowed();

  /**
   * Returns the columns that may be read, in order; if only a link is missing, the columns that may
   * be read through it.
   */
  List<String> columns();

  /** Returns the columns that may not be read. */
  List<String> hiddenColumns();

  /** Returns true if no row and no cell of {@link #columns} is hidden. */
  boolean everyCell();

  /**
   * Returns the conditions by which grants limit the rows, such as {@code country = 'SE' by grant
   * 0f3a}; for callers who act for the owner only. Rows of a grant without a condition are not
   * limited. Empty if every cell may be read.
   */
  List<String> rowFilters();

  /**
   * Returns the grants and tags, or the ownership, that allow it: first what the owner granted,
   * then what was passed on.
   */
  List<String> because();

  /**
   * Returns what is missing, one for each code. If some columns may be read, {@code NO_GRANT} names
   * the others, and {@code COLUMNS_WITHHELD} the columns that are more sensitive now than when
   * granted.
   */
  List<String> missing();

  /**
   * Returns the fewest steps after which it would be allowed, in order; if some columns may be
   * read, the grant of the columns that {@code NO_GRANT} names. Empty if nothing is missing, or no
   * grant would allow it.
   */
  List<String> shortestChange();

  /** Returns the contacts to ask. */
  List<String> whoCanGrant();

  /**
   * Returns where a service outside the mesh, such as Lake Formation, lets the reader read
   * something else than the mesh does: one line for each major version, as of the last run of
   * {@code Mesh.mirrors()}. Empty if it decides alike, if the mesh has no such service, and in a
   * plan.
   */
  List<String> mirrorDifferences();
}
