package io.meshwork.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An authorization: what its executors may grant for the owner of some data. Immutable; two are
 * equal if all of their attributes are. {@code toString()} is one line without the condition on
 * rows.
 */
public interface AuthorizationSummary {
  /** The id: the same for the same authorization, whatever its end and reason. */
  String id();

  /**
   * What may be granted, such as {@code commerce/orders}, {@code all of commerce}, or {@code table
   * of commerce where sensitivity in (public)}.
   */
  String on();

  /** Who may grant, such as {@code central/steward} or {@code account central}. */
  List<String> executors();

  /** The consumers to whom they may grant; empty for any. */
  List<String> consumers();

  /** The permissions that they may grant, in alphabetical order. */
  List<Permission> permissions();

  /** True if they may grant with the grant option. */
  boolean grantOption();

  /** The columns, if only some may be granted; else empty. */
  List<String> columns();

  /** The excluded columns, if all but some may be granted; else empty. */
  List<String> exceptColumns();

  /** The condition on rows; empty for all rows. It may contain values: do not log it. */
  Optional<String> rows();

  /** The id of the only request for which it may be used; empty if it is for none. */
  Optional<String> request();

  /** True if the executors may authorize others within it. */
  boolean delegating();

  /** The id of the authorization by which it was delegated; empty if the owner created it. */
  Optional<String> under();

  /**
   * The end, exclusive, of this authorization and of grants created under it; empty if it has none.
   */
  Optional<Instant> until();

  /** The reason. */
  String because();

  /** The principal of the owner that answers for it. */
  String authorizedBy();

  /** The principal that wrote it. */
  String executedBy();
}
