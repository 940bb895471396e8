package io.meshwork.card;

import io.meshwork.contract.ContractDifference;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One consumer of a product's major version: a subscription, a domain that reads without one, a
 * product that is derived from it, or a product whose rules refer to it. Immutable and thread-safe;
 * {@code toString()} is for people. {@code MeshClient.consumers(..)} and contract plans list them.
 */
public interface ProductConsumer {
  /** How the product is consumed. */
  enum Kind {
    /** By a subscription. */
    SUBSCRIPTION,
    /** By reads of a domain without a subscription, including reads of engines. */
    READER,
    /** By a product whose publishes named it with {@code derivedFrom(..)} in the last 90 days. */
    DERIVED_PRODUCT,
    /** By a product with a rule that refers to it. */
    REFERRING_RULE,
    /**
     * By a link in the catalog of a domain that has no subscription to the major version that it
     * points to, and did not read it: an intention, which the domain and the owner of the product
     * see.
     */
    LINK,
    /**
     * By a domain of which the caller may know only that it uses the product: purpose, columns, and
     * times are empty, and the contact is the owner of the domain.
     */
    DOMAIN
  }

  /**
   * How a subscription chose its major version. It stays on the version until it is amended, unless
   * it follows.
   */
  enum MajorMode {
    /** It named the version. */
    PINNED,
    /** It took the version that was current when it was registered or amended. */
    LATEST,
    /** It moves to the current version when it is read, if that breaks none of its columns. */
    FOLLOWING
  }

  /**
   * What a consumer reads through. Immutable.
   *
   * @param kind the kind
   * @param name the ID of the grant, or the name of the link; empty for others
   */
  record AccessPath(Kind kind, String name) {
    /** What may give access, or a name. */
    public enum Kind {
      /** The consumer acts for the domain that owns the product. */
      OWNER,
      /** The product is open to the mesh. */
      OPEN_TO_MESH,
      /** A grant on the product or its domain. */
      GRANT,
      /** A grant by tags. */
      GRANT_BY_TAGS,
      /** A link in the consumer's catalog. It names the product and gives no access. */
      LINK
    }

    @Override
    public String toString() {
      return switch (kind) {
        case OWNER -> "as owner";
        case OPEN_TO_MESH -> "open to the mesh";
        case GRANT -> "grant " + name;
        case GRANT_BY_TAGS -> "grant by tags " + name;
        case LINK -> "link " + name;
      };
    }
  }

  /** Returns how the product is consumed. */
  Kind kind();

  /**
   * Returns what identifies the consumer: {@code domain/subscription}, the domain of a reader, or
   * the name of the consuming product.
   */
  String name();

  /** Returns the consuming domain. */
  String domain();

  /** Returns the subscription's name; empty for other kinds. */
  Optional<String> subscription();

  /** Returns the product that is derived, or whose rules refer; empty for other kinds. */
  Optional<ProductName> dependent();

  /** Returns the consumed product. */
  ProductName product();

  /**
   * Returns the consumed major version. For rules, the version on which they are evaluated: the
   * current one, unless only an older one that is in use has all columns that a rule names.
   */
  int major();

  /** Returns the state of that major version. */
  MajorVersion.State majorState();

  /** Returns how a subscription chose the version; empty for other kinds, and if unknown. */
  Optional<MajorMode> majorMode();

  /** Returns why a subscription reads the product; empty for other kinds. */
  Optional<String> purpose();

  /** Returns the contact: the subscription's, or the owner of the consuming domain or product. */
  String contact();

  /**
   * Returns since when it is known to be a consumer: since the registration of the subscription,
   * the first read, or the first derivation in the last 90 days. Empty for rules.
   */
  Optional<Instant> since();

  /**
   * Returns when it last read, polled, or derived from this major version, to the day; empty if
   * never, and for rules and links.
   */
  Optional<Instant> lastUsed();

  /** Returns who did; empty if none did. */
  Optional<Principal> lastUsedBy();

  /** Returns true if a subscription or a reader did not use the product for 90 days. */
  boolean isDormant();

  /**
   * Returns paths of the columns that it read in the last 90 days. For a subscription that did not
   * read, the columns that it names; for a product, the columns that its derivations or rules name.
   * Empty if that is all columns.
   */
  List<String> columns();

  /**
   * Returns what it may read the product through now. Empty for rules, if it lost access, and in
   * plans of amendments.
   */
  List<AccessPath> access();

  /**
   * Returns the changes of a contract plan that would break it: changes that existing readers
   * cannot handle, in columns that it reads. Empty outside of contract plans.
   */
  List<ContractDifference.Change> breaks();

  /** Returns true if no change would break it. */
  default boolean isSafe() {
    return breaks().isEmpty();
  }
}
