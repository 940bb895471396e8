package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsRoleKind.Type;
import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.card.ProductCard;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.EntityNotFoundException;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Uses roles for what they are for, and leaves nothing behind: a transaction that the registry
 * refuses, an upload that is begun and ended without a file, a read of a snapshot that does not
 * exist. Stateless.
 *
 * @param roles returns what a role can do that this process may assume
 */
@NullMarked
record RoleUse(
    AwsConfig config,
    String account,
    Function<Principal, AwsRoleCredentials> roles,
    InstantSource clock) {
  /** What no registry, bucket, or database has. */
  private static final String NAME = "proof-of-permissions";

  /** The ID that no snapshot of a table has. */
  private static final String NO_SNAPSHOT = "0";

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Uses a role that was declared, with these kinds. */
  void asDeclared(Principal role, List<AwsRoleKind> kinds) {
    AwsRoleCredentials process = roles.apply(role);
    if (kinds.stream().anyMatch(kind -> kind.type().usesRegistry())) {
      useRegistry(process.own().ports().registry(), kinds);
    }
    for (AwsRoleKind kind : kinds) {
      use(process, role, kind);
    }
    if (role.equals(operator())) {
      asMirror(config.account());
    }
  }

  private Principal operator() {
    return Principal.of(config.account(), AccountRoles.OPERATOR);
  }

  private void useRegistry(Registry registry, List<AwsRoleKind> kinds) {
    AwsSetup.requireMesh(config, registry);
    kinds.stream()
        .flatMap(kind -> kind.partitions(Topology.CENTRAL).stream())
        .distinct()
        .forEach(pattern -> RefusedTransaction.send(registry, pattern.replace("*", NAME), clock));
    if (kinds.stream().anyMatch(kind -> kind.type().listsPartitions())) {
      registry.partitions();
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

  /** Uses the role of the mirrors in an account, as the operator does. */
  void asMirror(String place) {
    Principal mirror = Principal.of(place, MirrorSettings.MIRROR);
    AwsRoleCredentials operator = roles.apply(operator());
    if (place.equals(config.account())) {
      useRegistry(operator.as(mirror).registry(), List.of(AwsRoleKind.mirror()));
    }
    if (config.usesLakeFormation()) {
      operator.lakeFormation(mirror).getDataLakeSettings(get -> get.catalogId(place));
    } else if (!config.openData().domains().isEmpty()) {
      operator.s3(mirror).getBucketPolicy(get -> get.bucket(config.bucketIn(place)));
    }
  }

  /** S3 checks {@code s3:PutObject} when an upload begins; its end leaves no file. */
  private void beginUpload(S3Client s3, String place, String folder) {
    String bucket = config.bucketIn(place);
    String key = key(folder) + NAME;
    String upload = s3.createMultipartUpload(begin -> begin.bucket(bucket).key(key)).uploadId();
    s3.abortMultipartUpload(end -> end.bucket(bucket).key(key).uploadId(upload));
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

  /** Opens the first product that the role may read. */
  private void read(AwsRoleCredentials process, Principal role) {
    if (config.usesLakeFormation()) {
      askForData(process.lakeFormation(role));
    }
    try (Mesh mesh =
        Mesh.builder((time, meters) -> process.separate(), config.root())
            .clock(clock)
            .deadline(LIMIT)
            .open()) {
      MeshClient client = mesh.client();
      for (ProductName product : client.products()) {
        if (client.describe(product).access() != ProductCard.Access.DESCRIBE_ONLY
            && isOpened(client, product)) {
          return;
        }
      }
    }
  }

  /** The mesh reads the metadata of the table, and refuses a snapshot that it does not have. */
  private static boolean isOpened(MeshClient client, ProductName product) {
    try {
      client.read(product).snapshot(NO_SNAPSHOT).rows().close();
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
