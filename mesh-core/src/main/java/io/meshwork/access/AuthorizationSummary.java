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
  /** Returns the ID: the same for the same authorization, whatever its end and reason. */
  String id();

  /**
   * What may be granted, such as {@code commerce/orders}, {@code all of commerce}, or {@code table
   * of commerce where sensitivity in (public)}.
   */
  String on();

  /** Returns who may grant, such as {@code central/steward} or {@code account central}. */
  List<String> executors();

  /** Returns the consumers to whom they may grant; empty for any. */
  List<String> consumers();

  /** Returns the permissions that they may grant, in alphabetical order. */
  List<Permission> permissions();

  /** Returns true if they may grant with the grant option. */
  boolean grantOption();

  /** Returns the columns, if only some may be granted; otherwise empty. */
  List<String> columns();

  /** Returns the excluded columns, if all but some may be granted; otherwise empty. */
  List<String> exceptColumns();

  /** Returns the condition on rows; empty for all rows. It may contain values: do not log it. */
  Optional<String> rows();

  /** Returns the ID of the only request for which it may be used; empty if it is for none. */
  Optional<String> request();

  /** Returns true if the executors may authorize others within it. */
  boolean delegating();

  /**
   * Returns the ID of the authorization by which it was delegated; empty if the owner created it.
   */
  Optional<String> under();

  /**
   * Returns the end, exclusive, of this authorization and of grants created under it; empty if it
   * has none.
   */
  Optional<Instant> until();

  /** Returns the reason. */
  String because();

  /** Returns the principal of the owner that is responsible for it. */
  String authorizedBy();

  /** Returns the principal that wrote it. */
  String executedBy();
}
