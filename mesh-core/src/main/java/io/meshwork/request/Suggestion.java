package io.meshwork.request;

import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A consumer's suggestion of an improvement of a product, and the owner's answer. It is never
 * amended, so an answer is always about the text that its author read. Immutable; a snapshot as of
 * the call. Two are equal if all of their attributes are. {@code toString()} is one line.
 */
public interface Suggestion {
  /** Returns the ID, a UUIDv7. */
  String id();

  /** Returns the product that it is about. */
  ProductName product();

  /** Returns who sent it. */
  Principal requester();

  /** Returns the requester's domain. */
  String domain();

  /** Returns what it is about. */
  Kind kind();

  /**
   * Returns the columns that it is about: new ones for {@link Kind#NEW_COLUMN}, otherwise columns
   * of the contract under their names when it was sent; empty for the product as a whole.
   */
  List<String> columns();

  /** Returns the text. */
  String text();

  /** Returns the state. */
  State state();

  /** Returns when it was sent. */
  Instant suggestedAt();

  /** Returns who answered last; empty if it was not answered. */
  Optional<Principal> answeredBy();

  /** Returns when it was answered last; empty if it was not. */
  Optional<Instant> answeredAt();

  /** Returns the reason of the answer, if one was given. */
  Optional<String> because();

  /**
   * Returns the number of the rollout that the owner named in the answer. Empty if none was named,
   * if the rollout was aborted, and for other domains while the owner alone sees the rollout.
   */
  OptionalInt rollout();

  /** Returns the contract version that has the improvement; empty unless it was delivered. */
  Optional<ContractVersion> deliveredIn();

  /** Returns true if the owner can still answer it, and the requester's domain withdraw it. */
  default boolean isOpen() {
    return state() == State.OPEN || state() == State.ACCEPTED;
  }

  /** The state of a suggestion. */
  enum State {
    /** The owner has to answer. */
    OPEN,
    /** The owner intends to do it. */
    ACCEPTED,
    /** The owner will not do it. */
    DECLINED,
    /**
     * A contract version has it: a version that the owner named, or of a rollout that the owner
     * named, since consumers can read it.
     */
    DELIVERED,
    /** The requester's domain withdrew it. */
    WITHDRAWN
  }

  /** What a suggestion is about. */
  enum Kind {
    /** Columns that the product does not have. */
    NEW_COLUMN,
    /** Fresher or more complete data. */
    FRESHNESS,
    /** Better values, or stricter rules. */
    QUALITY,
    /** Descriptions of the product or of its columns. */
    DOCUMENTATION,
    /** Anything else. */
    OTHER
  }
}
