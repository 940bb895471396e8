package io.meshwork.aws;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.routing.PartitionCatalogs;
import java.util.List;

/**
 * What a role does on a mesh, for which {@link AwsPolicies} prints the permissions. A role may have
 * several duties. Immutable.
 */
public final class AwsDuty {
  private final Kind kind;
  private final String name;

  private AwsDuty(Kind kind, String name) {
    this.kind = kind;
    this.name = name;
  }

  /** The kinds of duties, by what they do with files. */
  enum Kind {
    PRODUCER("producer of "),
    STEWARD("steward of "),
    MAINTENANCE("maintenance of "),
    CONSUMER("consumer "),
    EXECUTOR("executor in "),
    GOVERNANCE("governance"),
    MIRROR("mirror"),
    BACKUP("backup"),
    MOVE("move"),
    READER("reader");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** Returns true if it copies all partitions of a table. */
    boolean listsPartitions() {
      return this == BACKUP || this == MOVE;
    }

    /** Returns true if it writes the files of its domain. */
    boolean writesFiles() {
      return this == PRODUCER || this == STEWARD || this == MAINTENANCE;
    }
  }

  /**
   * Returns the duty of a role that publishes to the products of a domain. It cannot grant access:
   * each grant also changes the documents of the domain, which a steward writes.
   *
   * @throws InvalidRequestException if it is not a name of a domain
   */
  public static AwsDuty producer(String domain) {
    return of(Kind.PRODUCER, domain);
  }

  /**
   * Returns the duty of a role that defines the products of a domain, grants access, and authorizes
   * others to grant it. It can do all that a producer can.
   *
   * @throws InvalidRequestException if it is not a name of a domain
   */
  public static AwsDuty steward(String domain) {
    return of(Kind.STEWARD, domain);
  }

  /**
   * Returns the duty of a role that maintains the tables of a domain and deletes its files.
   *
   * @throws InvalidRequestException if it is not a name of a domain
   */
  public static AwsDuty maintenance(String domain) {
    return of(Kind.MAINTENANCE, domain);
  }

  /**
   * Returns the duty of a role that requests, reads, and polls products for a domain. In another
   * catalog than that of the domain, a role of {@link #governance} admits the domain first.
   *
   * @throws InvalidRequestException if it is not a name of a domain
   */
  public static AwsDuty consumer(String domain) {
    return of(Kind.CONSUMER, domain);
  }

  /**
   * Returns the duty of a role that decides on requests because a domain authorized its account.
   *
   * @param account the account of the role, 12 digits
   * @throws InvalidRequestException if it does not have 12 digits
   */
  public static AwsDuty executor(String account) {
    return new AwsDuty(Kind.EXECUTOR, AwsConfig.checkedAccount(account));
  }

  /**
   * Returns the duty of a role that registers domains and their accounts, admits guests, appoints
   * stewards, and maintains the documents of the mesh as a whole. In the account of the mesh, every
   * role that maintains needs it.
   */
  public static AwsDuty governance() {
    return new AwsDuty(Kind.GOVERNANCE, "");
  }

  /**
   * Returns the duty of the role {@code mesh-mirror}, as which {@code Mesh.mirrors()} acts in the
   * account of a catalog. {@link AwsPolicies#mirror} prints its permissions for AWS Glue.
   */
  public static AwsDuty mirror() {
    return new AwsDuty(Kind.MIRROR, "");
  }

  /**
   * Returns the duty of a role that copies the mesh with {@link AwsMesh#backUp}. It reads the files
   * of all domains; {@link AwsPolicies#backupRole} prints the policies of buckets in other accounts
   * that permit it.
   */
  public static AwsDuty backup() {
    return new AwsDuty(Kind.BACKUP, "");
  }

  /**
   * Returns the duty of a registry role with which {@link AwsMesh#move} writes the table of a
   * catalog in another account: it writes all partitions. Delete the role after the move.
   */
  public static AwsDuty move() {
    return new AwsDuty(Kind.MOVE, "");
  }

  /** Returns the duty of a role that only looks up products, contracts, and rights. */
  public static AwsDuty reader() {
    return new AwsDuty(Kind.READER, "");
  }

  private static AwsDuty of(Kind kind, String domain) {
    return new AwsDuty(kind, NameGrammar.check("domain", domain));
  }

  Kind kind() {
    return kind;
  }

  /** Returns the domain in storage form, which is its folder. */
  String folder() {
    return NameGrammar.storage(name);
  }

  /**
   * Returns patterns of the partitions that it writes.
   *
   * @param catalog the catalog whose table has the partitions
   */
  List<String> partitions(String catalog) {
    return switch (kind) {
      case PRODUCER -> List.of(ofProducts());
      case STEWARD, MAINTENANCE -> List.of(RegistryKeys.partition(name), ofProducts());
      case CONSUMER -> List.of(PartitionCatalogs.consumer(name, catalog), RegistryKeys.reads(name));
      case EXECUTOR -> List.of("*/@by/" + name);
      // In the table of a catalog, its governance partition is that of the table itself.
      case GOVERNANCE -> List.of(RegistryKeys.MESH);
      case MIRROR -> List.of(RegistryKeys.mirrors(RegistryKeys.MESH));
      case MOVE -> List.of("*");
      case BACKUP, READER -> List.of();
    };
  }

  private String ofProducts() {
    return RegistryKeys.partition(name) + "/*";
  }

  /** Returns the duty, such as {@code producer of commerce}. */
  @Override
  public String toString() {
    return kind.label + name;
  }
}
