package io.meshwork.aws;

import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.aws.AccountCatalogs.Table;
import io.meshwork.aws.AwsRoleKind.Type;
import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.consume.ConsumerOperations;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import io.meshwork.topology.Topology;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.EntityNotFoundException;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;

/**
 * Uses roles for what they are for, and leaves nothing behind: a transaction that the registry
 * refuses, an upload that is begun and ended without a file, a read of a snapshot that does not
 * exist, in a session whose accesses the mesh does not count. Stateless.
 *
 * @param catalogs the catalogs that roles of the account use
 * @param registry reads the mesh
 * @param roles returns what a role can do that this process may assume
 * @param findings receives what stayed although it was to be removed
 */
@NullMarked
record RoleUse(
    AwsConfig config,
    String account,
    AccountCatalogs catalogs,
    MeshRegistry registry,
    Function<Principal, AwsRoleCredentials> roles,
    InstantSource clock,
    Consumer<Finding> findings) {
  /** What no registry, bucket, or database has. */
  private static final String NAME = "proof-of-permissions";

  /** The ID that no snapshot of a table has. */
  private static final String NO_SNAPSHOT = "0";

  /** Uses a role that was declared, with these kinds. */
  void asDeclared(Principal role, List<AwsRoleKind> kinds) {
    AwsRoleCredentials process = roles.apply(role);
    if (kinds.stream().anyMatch(kind -> kind.type().usesRegistry())) {
      AwsSetup.requireMesh(config, process.own().ports().registry());
      for (Table table : catalogs.tables()) {
        useRegistry(
            process.own().registry(TablePlace.in(config, table.account())),
            role,
            table,
            table.kinds(kinds));
      }
    }
    for (AwsRoleKind kind : kinds) {
      use(process, role, kind);
    }
    if (role.equals(operator())) {
      asMirror();
    }
  }

  private Principal operator() {
    return Principal.of(config.account(), AccountRoles.OPERATOR);
  }

  private void useRegistry(Registry used, Principal role, Table table, List<AwsRoleKind> kinds) {
    used.read(MeshRoot.KEY);
    kinds.stream()
        .flatMap(kind -> kind.partitions(table.catalog().orElse(Topology.CENTRAL)).stream())
        .distinct()
        .forEach(pattern -> RefusedTransaction.send(used, pattern.replace("*", NAME), role, clock));
    if (kinds.stream().anyMatch(kind -> kind.type().listsPartitions())) {
      used.partitions();
    }
  }

  private void use(AwsRoleCredentials process, Principal role, AwsRoleKind kind) {
    S3Client s3 = process.s3(role);
    Type type = kind.type();
    String folder = kind.folder();
    if (type.writesFiles()) {
      beginUpload(s3, account, DataPlaces.dataFolder("") + "/" + kind.writtenFolder());
    }
    if (type.listsFiles()) {
      list(s3, account, DataPlaces.dataFolder("") + "/" + folder);
      if (!account.equals(config.account())) {
        findMarker(s3);
      }
    }
    switch (type) {
      case MAINTENANCE -> beginUpload(s3, account, DataPlaces.archiveFolder("") + "/" + folder);
      case GOVERNANCE, OPERATOR -> {
        beginUpload(s3, config.account(), DataPlaces.archiveFolder("") + "/" + RegistryKeys.MESH);
        if (type == Type.GOVERNANCE) {
          list(s3, account, DataPlaces.dataFolder(""));
          findMarker(s3);
        }
      }
      case BACKUP -> list(s3, config.account(), DataPlaces.dataFolder(""));
      case CONSUMER -> read(process, role);
      case ENGINE_READER -> askForData(process.lakeFormation(role));
      default -> {
        // The registry is all that it uses, or the files were used above.
      }
    }
  }

  /** Uses the role of the mirrors in the account, as the operator does. */
  void asMirror() {
    Principal mirror = Principal.of(account, MirrorSettings.MIRROR);
    AwsRoleCredentials operator = roles.apply(operator());
    catalogs
        .shown()
        .ifPresent(
            shown -> {
              Ports ports = operator.as(mirror);
              useRegistry(
                  catalogs.accounts().isEmpty()
                      ? ports.registry()
                      : ports.catalogs().apply(shown.catalog().orElseThrow()),
                  mirror,
                  shown,
                  List.of(AwsRoleKind.mirror()));
            });
    if (config.usesLakeFormation()) {
      operator.lakeFormation(mirror).getDataLakeSettings(get -> get.catalogId(account));
    } else if (!config.openData().domains().isEmpty()) {
      operator.s3(mirror).getBucketPolicy(get -> get.bucket(config.bucketIn(account)));
    }
  }

  /** S3 checks {@code s3:PutObject} when an upload begins; its end leaves no file. */
  private void beginUpload(S3Client s3, String place, String folder) {
    String bucket = config.bucketIn(place);
    String key = key(folder) + NAME;
    String upload = s3.createMultipartUpload(begin -> begin.bucket(bucket).key(key)).uploadId();
    try {
      s3.abortMultipartUpload(end -> end.bucket(bucket).key(key).uploadId(upload));
    } catch (NoSuchUploadException e) {
      // A reply was lost: the upload is ended.
    } catch (SdkException e) {
      findings.accept(unended(bucket, key, upload, e));
      if (AwsFailure.isDenied(e)) {
        throw e;
      }
    }
  }

  private Finding unended(String bucket, String key, String upload, SdkException e) {
    return new Finding(
        FindingCode.FILES_NOT_DELETED,
        Finding.Severity.WARNING,
        "s3://" + bucket + "/" + key,
        "The proof began an upload, and could not end it, "
            + AwsFailure.describe(e)
            + "; it has no parts.",
        1,
        List.of(),
        "Remove it, as an administrator of the account of the bucket: "
            + ShellWords.command(
                List.of(
                    "aws",
                    "s3api",
                    "abort-multipart-upload",
                    "--region",
                    config.region(),
                    "--bucket",
                    bucket,
                    "--key",
                    key,
                    "--upload-id",
                    upload)));
  }

  private void list(S3Client s3, String place, String folder) {
    s3.listObjectsV2(list -> list.bucket(config.bucketIn(place)).prefix(key(folder)).maxKeys(1));
  }

  private static String key(String folder) {
    return folder.substring(1) + "/";
  }

  private void findMarker(S3Client s3) {
    try {
      s3.getObjectAsBytes(get -> get.bucket(config.bucketIn(account)).key(DataPlaces.MARKER));
    } catch (NoSuchKeyException e) {
      // The role may read it; the mesh has none yet.
    }
  }

  /** Opens the first product of the catalogs that the role may read. */
  private void read(AwsRoleCredentials process, Principal role) {
    if (config.usesLakeFormation()) {
      askForData(process.lakeFormation(role));
    }
    ClientSession session = registry.uncounted(process);
    List<ProductEntry> products =
        catalogs.tables().stream()
            .flatMap(table -> table.catalog().stream())
            .flatMap(catalog -> session.catalog().domainsOf(catalog).stream())
            .flatMap(domain -> session.catalog().products(domain.domain().name()).stream())
            .toList();
    for (ProductEntry product : products) {
      if (isReadable(session, product) && isOpened(session, product.name())) {
        return;
      }
    }
  }

  private static boolean isReadable(ClientSession session, ProductEntry product) {
    return session
        .authorizer()
        .findPermission(
            product,
            session
                .catalog()
                .requireFor(
                    Use.DESCRIBE,
                    product.name(),
                    product.currentMajor(),
                    MeshAction.of(Verb.DESCRIBE, product.name())))
        .isPresent();
  }

  /** The mesh reads the metadata of the table, and refuses a snapshot that it does not have. */
  private static boolean isOpened(ClientSession session, ProductName product) {
    try {
      ConsumerOperations.read(session, product).snapshot(NO_SNAPSHOT).rows().close();
      return true;
    } catch (NotFoundException | InvalidRequestException e) {
      return true;
    } catch (AccessDeniedException e) {
      if (e.errorCode() == ErrorCode.FILTERED_READ) {
        return false;
      }
      throw e;
    }
  }

  /** AWS checks {@code lakeformation:GetDataAccess} before it looks for the table. */
  private void askForData(LakeFormationClient lake) {
    try {
      lake.getTemporaryGlueTableCredentials(
          get ->
              get.tableArn(config.names().glue(config.account(), "table/" + NAME + "/" + NAME))
                  .permissions(Permission.SELECT));
    } catch (EntityNotFoundException e) {
      // Lake Formation looked for the table, so the role may ask.
    } catch (AwsServiceException e) {
      if (!isOfLakeFormation(e)) {
        throw e;
      }
    }
  }

  /** Returns true if Lake Formation denies a request, after IAM, which uses other words. */
  private static boolean isOfLakeFormation(AwsServiceException e) {
    return AwsFailure.isDenied(e) && !AwsFailure.textOf(e).contains("is not authorized to perform");
  }
}
