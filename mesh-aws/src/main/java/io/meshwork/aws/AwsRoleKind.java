package io.meshwork.aws;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a role does on a mesh, for which {@link AwsPolicies} prints the permissions. A role may be
 * of several kinds. Immutable.
 */
public final class AwsRoleKind {
  private final Type type;
  private final String name;
  private final Optional<ProductName> product;

  private AwsRoleKind(Type type, String name, Optional<ProductName> product) {
    this.type = type;
    this.name = name;
    this.product = product;
  }

  private AwsRoleKind(Type type, String name) {
    this(type, name, Optional.empty());
  }

  /** The kinds by what they do with files. */
  enum Type {
    PRODUCER("producer of "),
    TASKS("tasks of "),
    STEWARD("steward of "),
    MAINTENANCE("maintenance of "),
    CONSUMER("consumer "),
    EXECUTOR("executor in "),
    GOVERNANCE("governance"),
    OPERATOR("operator"),
    MIRROR("mirror"),
    BACKUP("backup"),
    MOVE("move"),
    READER("reader"),
    ENGINE_READER("engine reader");

    private final String label;

    Type(String label) {
      this.label = label;
    }

    /**
     * Returns true if its processes use the registry. The drivers of tasks use it for them, and
     * engines ask Lake Formation.
     */
    boolean usesRegistry() {
      return this != TASKS && this != ENGINE_READER;
    }

    /** Returns true if it copies all partitions of a table. */
    boolean listsPartitions() {
      return this == BACKUP || this == MOVE;
    }

    /** Returns true if it writes the files of its domain. */
    boolean writesFiles() {
      return this == TASKS || listsFiles();
    }

    /** Returns true if it maintains the documents of the mesh as a whole. */
    boolean maintainsMesh() {
      return this == GOVERNANCE || this == OPERATOR;
    }

    /** Returns true if it lists the files of its domain, and checks where they are. */
    boolean listsFiles() {
      return this == PRODUCER || this == STEWARD || this == MAINTENANCE;
    }
  }

  /**
   * Returns the kind of a role that publishes to the products of a domain. It cannot grant access:
   * each grant also changes the documents of the domain, which a steward writes.
   *
   * @throws InvalidRequestException if it is not a name of a domain
   */
  public static AwsRoleKind producer(String domain) {
    return of(Type.PRODUCER, domain);
  }

  /**
   * Returns the kind of a role whose processes run tasks of an engine, such as executors of Spark:
   * they write the files of a publish to the products of a domain, and read them. Only the driver
   * uses the registry, as a {@link #producer}. Tasks that read products of other domains are of the
   * kind {@link #consumer} of their own domain too.
   *
   * @throws InvalidRequestException if it is not a name of a domain
   */
  public static AwsRoleKind tasks(String domain) {
    return of(Type.TASKS, domain);
  }

  /**
   * Returns the kind of a role whose processes run tasks like {@link #tasks(String)}, for one
   * product: they use the files of its major versions up to 99 and of their quarantines, and no
   * others.
   *
   * @param product its name within the domain, such as {@code orders}
   * @throws InvalidRequestException if these are not the names of a domain and a product
   */
  public static AwsRoleKind tasks(String domain, String product) {
    ProductName name =
        ProductName.of(
            NameGrammar.check("domain", domain) + "/" + NameGrammar.check("product", product));
    return new AwsRoleKind(Type.TASKS, name.domain(), Optional.of(name));
  }

  /**
   * Returns the kind of a role that defines the products of a domain, grants access, and authorizes
   * others to grant it. It can do all that a producer can.
   *
   * @throws InvalidRequestException if it is not a name of a domain
   */
  public static AwsRoleKind steward(String domain) {
    return of(Type.STEWARD, domain);
  }

  /**
   * Returns the kind of a role that maintains the tables of a domain and deletes its files.
   *
   * @throws InvalidRequestException if it is not a name of a domain
   */
  public static AwsRoleKind maintenance(String domain) {
    return of(Type.MAINTENANCE, domain);
  }

  /**
   * Returns the kind of a role that requests, reads, and polls products for a domain. Outside the
   * catalog of the domain, a role of {@link #governance} admits the domain first.
   *
   * @throws InvalidRequestException if it is not a name of a domain
   */
  public static AwsRoleKind consumer(String domain) {
    return of(Type.CONSUMER, domain);
  }

  /**
   * Returns the kind of a role that decides on requests because a domain authorized its account.
   *
   * @param account the account of the role, 12 digits
   * @throws InvalidRequestException if it does not have 12 digits
   */
  public static AwsRoleKind executor(String account) {
    return new AwsRoleKind(Type.EXECUTOR, AwsConfig.checkedAccount(account));
  }

  /**
   * Returns the kind of a role that registers domains and their accounts, admits guests, appoints
   * stewards, and maintains the documents of the mesh as a whole. In the account of the mesh, every
   * role that maintains needs it or {@link #operator}.
   */
  public static AwsRoleKind governance() {
    return new AwsRoleKind(Type.GOVERNANCE, "");
  }

  /**
   * Returns the kind of the role {@code mesh-operator}, as which {@code Mesh.operate(..)} runs in
   * the account of the mesh. It maintains the documents of the mesh as a whole, runs the mirrors,
   * and with {@link AwsConfig#cloudWatch()} maintains the dashboard and the quality results. If the
   * account acts for a domain, the role also needs the kind {@link #maintenance}. In other
   * accounts, {@link #maintenance} is enough to operate.
   */
  public static AwsRoleKind operator() {
    return new AwsRoleKind(Type.OPERATOR, "");
  }

  /**
   * Returns the kind of the role {@code mesh-mirror}, as which {@code Mesh.mirrors()} acts in the
   * account of a catalog. {@link AwsPolicies#mirror} prints its permissions for AWS Glue.
   */
  public static AwsRoleKind mirror() {
    return new AwsRoleKind(Type.MIRROR, "");
  }

  /**
   * Returns the kind of a role that copies the mesh with {@link AwsMesh#backUp}. It reads the files
   * of all domains; {@link AwsPolicies#backupRole} prints the policies of buckets in other accounts
   * that permit it.
   */
  public static AwsRoleKind backup() {
    return new AwsRoleKind(Type.BACKUP, "");
  }

  /**
   * Returns the kind of a registry role with which {@link AwsMesh#move} writes the table of a
   * catalog in another account: it writes all partitions. Delete the role after the move.
   */
  public static AwsRoleKind move() {
    return new AwsRoleKind(Type.MOVE, "");
  }

  /** Returns the kind of a role that only looks up products, contracts, and rights. */
  public static AwsRoleKind reader() {
    return new AwsRoleKind(Type.READER, "");
  }

  /**
   * Returns the kind of a role whose people or jobs query tables with Amazon Athena, and do not use
   * the mesh: in a mesh with {@link AwsConfig#lakeFormation()}, which decides what they read.
   * {@link AccountSetup} gives its account the work group {@code mesh-<name>}, whose results Athena
   * stores itself, for a day; all roles of this kind in an account share it. They are encrypted
   * with {@link AwsConfig#encryptionKey}, if one is set: its policy has to permit the role and
   * {@code encryption.athena.amazonaws.com} {@code kms:Decrypt}, {@code kms:GenerateDataKey}, and
   * {@code kms:DescribeKey}.
   */
  public static AwsRoleKind engineReader() {
    return new AwsRoleKind(Type.ENGINE_READER, "");
  }

  private static AwsRoleKind of(Type type, String domain) {
    return new AwsRoleKind(type, NameGrammar.check("domain", domain));
  }

  Type type() {
    return type;
  }

  /** Returns the kind of a role that consumes for the same domain. */
  AwsRoleKind asConsumer() {
    return new AwsRoleKind(Type.CONSUMER, name);
  }

  /** Returns the domain in storage form, which is its folder. */
  String folder() {
    return NameGrammar.storage(name);
  }

  /** Returns patterns of the folders with its files, below the one with the data of a bucket. */
  List<String> writtenFolders() {
    return product
        .map(
            name -> {
              // Names of other products, such as orders-vip, are longer.
              String tables = folder() + "/" + NameGrammar.storage(name.product()) + "_v";
              return Stream.of("?", "??")
                  .flatMap(major -> Stream.of(major, major + "_quarantine"))
                  .map(tables::concat)
                  .toList();
            })
        .orElse(List.of(folder()));
  }

  /** Returns a folder in which it writes files. */
  String writtenFolder() {
    return writtenFolders().get(0).replace('?', '1');
  }

  /**
   * Returns patterns of the partitions that it writes.
   *
   * @param catalog the catalog whose table has the partitions
   */
  List<String> partitions(String catalog) {
    return switch (type) {
      case PRODUCER -> List.of(ofProducts());
      case STEWARD, MAINTENANCE -> List.of(RegistryKeys.partition(name), ofProducts());
      case CONSUMER -> List.of(PartitionCatalogs.consumer(name, catalog), RegistryKeys.reads(name));
      case EXECUTOR -> List.of("*/@by/" + name);
      // In the table of a catalog, its governance partition is the table's own.
      case GOVERNANCE, OPERATOR -> List.of(RegistryKeys.MESH);
      case MIRROR -> List.of(RegistryKeys.mirrors(RegistryKeys.MESH));
      case MOVE -> List.of("*");
      case BACKUP, READER, ENGINE_READER, TASKS -> List.of();
    };
  }

  private String ofProducts() {
    return RegistryKeys.partition(name) + "/*";
  }

  /** Returns the kind, such as {@code producer of commerce}. */
  @Override
  public String toString() {
    return type.label + product.map(ProductName::toString).orElse(name);
  }
}
