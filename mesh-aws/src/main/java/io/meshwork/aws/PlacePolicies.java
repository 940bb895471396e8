package io.meshwork.aws;

import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.AwsRoleKind.Type;
import io.meshwork.aws.BucketUsers.CrossAccountDomain;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.metrics.QualityLine;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The statements about the files in buckets. */
final class PlacePolicies {
  private static final String GET = "s3:GetObject";
  private static final String PUT = "s3:PutObject";
  private static final String ABORT = "s3:AbortMultipartUpload";
  private static final String DELETE = "s3:DeleteObject";
  private static final String LIST = "s3:ListBucket";
  private static final String MARKER = "/" + DataPlaces.MARKER;

  /** The marker of a mesh in a folder, which a place must not be. */
  private static final String OTHER_MESH = "/mesh.json";

  /** Matches any account. */
  private static final String ANY_ACCOUNT = "?".repeat(12);

  private final AwsConfig config;

  PlacePolicies(AwsConfig config) {
    this.config = config;
  }

  /**
   * Returns what roles with these kinds need.
   *
   * @param account the account of the bucket with the data of their domains
   */
  List<PolicyStatement> ofRole(String account, List<AwsRoleKind> kinds) {
    List<PolicyStatement> statements = new ArrayList<>();
    String own = arn(account);
    List<String> written = folders(own, kinds.stream().filter(d -> d.type().writesFiles()));
    List<AwsRoleKind> maintained =
        kinds.stream().filter(kind -> kind.type() == Type.MAINTENANCE).toList();
    if (!written.isEmpty()) {
      statements.add(PolicyStatement.allow("WriteData").actions(GET, PUT, ABORT).on(written));
    }
    if (kinds.stream().anyMatch(kind -> kind.type().listsFiles())) {
      statements.add(PolicyStatement.allow("ListFiles").actions(LIST).on(own));
      if (!account.equals(config.account())) {
        // The bucket of the mesh has no such file.
        statements.add(PolicyStatement.allow("ReadMarker").actions(GET).on(own + MARKER));
      }
    }
    if (!maintained.isEmpty()) {
      statements.add(
          PolicyStatement.allow("DeleteData")
              .actions(DELETE)
              .on(folders(own, maintained.stream())));
      statements.add(
          PolicyStatement.allow("ArchiveLogs")
              .actions(GET, PUT, ABORT, DELETE)
              .on(maintained.stream().map(kind -> archive(own, kind.folder())).toList()));
    }
    if (has(kinds, Type.CONSUMER)) {
      addReads(statements, account, kinds);
    }
    if (has(kinds, Type.GOVERNANCE)) {
      String all = arn(ANY_ACCOUNT);
      statements.add(PolicyStatement.allow("MarkPlaces").actions(GET, PUT).on(all + MARKER));
      statements.add(PolicyStatement.allow("FindMeshes").actions(GET).on(all + OTHER_MESH));
      statements.add(PolicyStatement.allow("ListPlaces").actions(LIST).on(all));
    }
    if (kinds.stream().anyMatch(kind -> kind.type().maintainsMesh())) {
      statements.add(
          PolicyStatement.allow("ArchiveMeshLogs")
              .actions(GET, PUT, ABORT, DELETE)
              .on(archive(arn(config.account()), RegistryKeys.MESH)));
      if (config.usesCloudWatch()) {
        statements.add(
            PolicyStatement.allow("WriteQuality")
                .actions(PUT, ABORT)
                .on(arn(config.account()) + "/" + QualityLine.FOLDER + "/*"));
      }
    }
    if (has(kinds, Type.BACKUP)) {
      String all = arn(ANY_ACCOUNT);
      statements.add(PolicyStatement.allow("ReadAllFiles").actions(GET).on(allFiles(all)));
      statements.add(PolicyStatement.allow("ListAllFiles").actions(LIST).on(all));
    }
    return statements;
  }

  /**
   * A consumer needs permissions on the files of its domain, and without Lake Formation also on
   * files that buckets of other accounts open to it. In the bucket of its account, such a
   * permission would be enough to read all domains, whatever the policy of the bucket says.
   */
  private void addReads(List<PolicyStatement> statements, String account, List<AwsRoleKind> kinds) {
    String own = arn(account);
    statements.add(
        PolicyStatement.allow("ReadOwnData")
            .actions(GET)
            .on(folders(own, kinds.stream().filter(kind -> kind.type() == Type.CONSUMER))));
    if (!config.usesLakeFormation()) {
      statements.add(
          PolicyStatement.allow("ReadData")
              .actions(GET)
              .on(DataPlaces.dataFolder(arn(ANY_ACCOUNT)) + "/*")
              .when("StringNotEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}"));
      return;
    }
    statements.add(ReaderPolicies.dataAccess("ReadSharedTables"));
    statements.add(new ReaderPolicies(config, config.account()).lookup("LookUpSharedTables"));
  }

  /**
   * Returns the statements of a bucket.
   *
   * @param account the account of the bucket
   */
  List<PolicyStatement> ofBucket(String account, BucketUsers users, List<TableReaders> readers) {
    String bucket = arn(account);
    List<PolicyStatement> statements = new ArrayList<>();
    statements.add(
        PolicyStatement.deny("TlsOnly")
            .toAll()
            .actions("s3:*")
            .on(bucket, bucket + "/*")
            .when("Bool", "aws:SecureTransport", "false"));
    statements.add(
        PolicyStatement.deny("NeverReplace")
            .toAll()
            .actions(PUT)
            .exceptOn(
                DataPlaces.dataFolder(bucket) + "/*/_metadata/last_updated.json",
                DataPlaces.archiveFolder(bucket) + "/*")
            .when("Null", "s3:if-none-match", "true")
            .when("Bool", "s3:ObjectCreationOperation", "true"));
    if (!account.equals(config.account())) {
      List<String> governance = List.of(config.accountArn(config.account()));
      statements.add(
          PolicyStatement.allow("MarkPlace").to(governance).actions(GET, PUT).on(bucket + MARKER));
      statements.add(
          PolicyStatement.allow("FindMesh").to(governance).actions(GET).on(bucket + OTHER_MESH));
      statements.add(PolicyStatement.allow("ListPlace").to(governance).actions(LIST).on(bucket));
    }
    Predicate<Principal> isElsewhere = role -> !account.equals(role.account());
    if (users.backup().filter(isElsewhere).isPresent()) {
      List<String> role = List.of(config.roleArn(users.backup().get()));
      statements.add(
          PolicyStatement.allow("ReadAllFiles").to(role).actions(GET).on(allFiles(bucket)));
      statements.add(PolicyStatement.allow("ListAllFiles").to(role).actions(LIST).on(bucket));
    }
    List<Principal> registrations = registrations(users).filter(isElsewhere).toList();
    if (!registrations.isEmpty()) {
      statements.add(
          // As a principal, a role would have to exist before the bucket.
          PolicyStatement.allow("ReadRegisteredData")
              .to(registrations.stream().map(role -> config.accountArn(role.account())).toList())
              .actions(GET)
              .on(DataPlaces.dataFolder(bucket) + "/*")
              .when(
                  "ArnEquals",
                  "aws:PrincipalArn",
                  registrations.stream().map(config::roleArn).toList()));
    }
    if (account.equals(config.account())) {
      addDomains(statements, bucket, users.domains());
    }
    int number = 1;
    for (TableReaders table : readers) {
      TableName name = TableName.of(table.product(), table.majorVersion());
      statements.add(
          PolicyStatement.allow("Read" + number++)
              .to(table.principals().stream().map(config::roleArn).toList())
              .actions(GET)
              .on(name.location(bucket) + "/*"));
    }
    return statements;
  }

  private Stream<Principal> registrations(BucketUsers users) {
    return users.registrations().isEmpty() && config.usesLakeFormation()
        ? Stream.of(Principal.of(config.account(), MirrorSettings.REGISTRATION))
        : users.registrations().stream();
  }

  private void addDomains(
      List<PolicyStatement> statements, String bucket, List<CrossAccountDomain> domains) {
    int number = 1;
    for (CrossAccountDomain domain : domains) {
      if (domain.account().equals(config.account())) {
        continue;
      }
      List<String> account = List.of(config.accountArn(domain.account()));
      List<String> prefixes = domain.prefixes();
      statements.add(
          withoutOpenReaders(
              PolicyStatement.allow("UseFiles" + number)
                  .to(account)
                  .actions(GET, PUT, ABORT, DELETE)
                  .on(prefixes.stream().map(prefix -> bucket + "/" + prefix).toList()),
              domain.account()));
      statements.add(
          PolicyStatement.allow("ListFiles" + number)
              .to(account)
              .actions(LIST)
              .on(bucket)
              .when("StringLike", "s3:prefix", prefixes));
      number++;
    }
  }

  /** The policy of a standing reader permits all buckets, so only policies of buckets limit it. */
  private PolicyStatement withoutOpenReaders(PolicyStatement statement, String account) {
    return config.openData().domains().isEmpty()
        ? statement
        : statement.when(
            "StringNotLike",
            "aws:PrincipalArn",
            ReaderPolicies.NAMES.stream().map(name -> config.roleArn(account, name)).toList());
  }

  /**
   * Returns the use of the key of a mesh; null if it has none.
   *
   * @param writes true to encrypt with it too
   */
  @Nullable PolicyStatement useOfKey(String service, boolean writes) {
    String key = config.kmsKey();
    return key == null
        ? null
        : PolicyStatement.allow("UseKey")
            .actions(
                writes
                    ? new String[] {"kms:Decrypt", "kms:GenerateDataKey"}
                    : new String[] {"kms:Decrypt"})
            .on(key)
            .when("StringEquals", "kms:ViaService", viaService(service));
  }

  /** Returns the names of a service that uses a key; in China, AWS documents both endings. */
  List<String> viaService(String service) {
    return viaService(service, config.region());
  }

  List<String> viaService(String service, String region) {
    String name = service + "." + region + ".amazonaws.com";
    return config.partition().equals("aws-cn") ? List.of(name, name + ".cn") : List.of(name);
  }

  private static List<String> allFiles(String bucket) {
    return List.of(DataPlaces.dataFolder(bucket) + "/*", DataPlaces.archiveFolder(bucket) + "/*");
  }

  private static List<String> folders(String bucket, Stream<AwsRoleKind> kinds) {
    return kinds
        .flatMap(kind -> kind.writtenFolders().stream())
        .map(folder -> data(bucket, folder))
        .distinct()
        .toList();
  }

  private static String data(String bucket, String folder) {
    return DataPlaces.dataFolder(bucket) + "/" + folder + "/*";
  }

  private static String archive(String bucket, String folder) {
    return DataPlaces.archiveFolder(bucket) + "/" + folder + "/*";
  }

  /** Returns true if a role with these kinds writes files. */
  static boolean writes(List<AwsRoleKind> kinds) {
    return kinds.stream()
        .anyMatch(kind -> kind.type().writesFiles() || kind.type().maintainsMesh());
  }

  private static boolean has(List<AwsRoleKind> kinds, Type type) {
    return kinds.stream().anyMatch(kind -> kind.type() == type);
  }

  private String arn(String account) {
    return "arn:" + config.partition() + ":s3:::" + config.bucketIn(account);
  }
}
