package io.meshwork.aws.internal.s3;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.DeniedPermission;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.Principal;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.EntityNotFoundException;
import software.amazon.awssdk.services.lakeformation.model.GetTemporaryGlueTableCredentialsResponse;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PermissionType;

/**
 * The credentials that Lake Formation vends to a principal for the files of one table. They are
 * requested when they are first needed, and again five minutes before they expire; the old ones are
 * used while Lake Formation does not answer. The request of a trusted engine names the permissions
 * that it enforces itself. All others name none: with them, Lake Formation would vend credentials
 * for whole files to readers of some columns. Thread-safe.
 */
public final class VendedCredentials implements AwsCredentialsProvider {
  private static final String PERMISSION = "lakeformation:GetDataAccess";

  /** What a trusted engine enforces: columns, and rows with their cells. */
  private static final List<PermissionType> FILTERS =
      List.of(PermissionType.COLUMN_PERMISSION, PermissionType.CELL_FILTER_PERMISSION);

  private static final String FILTERED = "PermissionTypeMismatchException";
  private static final Duration RENEWAL = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final Supplier<LakeFormationClient> client;

  /** Null in a copy, which uses the role of its process. */
  private final @Nullable Principal principal;

  private final VendedTable table;
  private final Optional<String> engine;
  private final InstantSource clock;
  private @Nullable AwsSessionCredentials current;

  /** When Lake Formation is asked again after it did not answer. */
  private Instant nextRequest = Instant.MIN;

  /**
   * A table in the data catalog of Glue. Immutable.
   *
   * @param arn its ARN, in the account of its catalog
   * @param name the database and the table, such as {@code commerce.orders_v1}
   */
  public record VendedTable(String arn, String name) implements Serializable {}

  /**
   * Credentials of a table.
   *
   * @param client opens the client with the first request
   * @param principal whose credentials the client has; null for the credentials of the process
   * @param engine the session tag value of a trusted engine; empty if this process is none
   */
  public VendedCredentials(
      Supplier<LakeFormationClient> client,
      @Nullable Principal principal,
      VendedTable table,
      Optional<String> engine,
      InstantSource clock) {
    this.client = client;
    this.principal = principal;
    this.table = table;
    this.engine = engine;
    this.clock = clock;
  }

  /** Returns the table of the files. */
  public VendedTable table() {
    return table;
  }

  /** Returns true if Lake Formation trusts this process to filter columns and rows. */
  public boolean isOfTrustedEngine() {
    return engine.isPresent();
  }

  private String caller() {
    return principal == null ? S3Files.OTHER_PROCESS : principal.toString();
  }

  @Override
  public synchronized AwsSessionCredentials resolveCredentials() {
    AwsSessionCredentials cached = current;
    if (cached == null || isOver(cached, Duration.ZERO)) {
      cached = request();
    } else if (isOver(cached, RENEWAL) && !clock.instant().isBefore(nextRequest)) {
      cached = renewed(cached);
    }
    current = cached;
    return cached;
  }

  private boolean isOver(AwsSessionCredentials credentials, Duration before) {
    Instant end = credentials.expirationTime().orElse(Instant.MAX);
    return !clock.instant().plus(before).isBefore(end);
  }

  private AwsSessionCredentials renewed(AwsSessionCredentials expiring) {
    try {
      return request();
    } catch (BackendException e) {
      if (!e.retryable()) {
        throw e;
      }
      nextRequest = clock.instant().plus(PAUSE);
      return expiring;
    }
  }

  private AwsSessionCredentials request() {
    try {
      GetTemporaryGlueTableCredentialsResponse vended =
          client
              .get()
              .getTemporaryGlueTableCredentials(
                  request ->
                      request
                          .tableArn(table.arn())
                          .permissions(Permission.SELECT)
                          .supportedPermissionTypes(engine.isPresent() ? FILTERS : null));
      return AwsSessionCredentials.builder()
          .accessKeyId(vended.accessKeyId())
          .secretAccessKey(vended.secretAccessKey())
          .sessionToken(vended.sessionToken())
          .expirationTime(vended.expiration())
          .build();
    } catch (AwsServiceException e) {
      throw failed(e);
    } catch (RuntimeException e) {
      if (AwsFailure.isLostConnection(e)) {
        throw notAnswered(e);
      }
      throw e;
    }
  }

  private RuntimeException failed(AwsServiceException response) {
    Principal filtering = principal;
    if (engine.isPresent() && filtering != null && isRefusal(response)) {
      return notTrusted(response, filtering, engine.get());
    }
    if (FILTERED.equals(AwsFailure.codeOf(response))) {
      return failure(response)
          .because(
              "Lake Formation grants "
                  + caller()
                  + " some columns, rows, or cells of the table only, and gives its files to those"
                  + " who may read all of it")
          .fix(
              "Read it with "
                  + LakeFormationFiles.FILTERING_ENGINES
                  + ", or ask the owner for SELECT on the whole product.")
          .accessDenied(ErrorCode.FILTERED_READ, "SELECT on all of " + table.name(), List.of());
    }
    if (AwsFailure.isDenied(response)) {
      return denied(response);
    }
    if (response instanceof EntityNotFoundException) {
      return failure(response)
          .because("AWS Glue does not have the table")
          .fix("Run the mirrors of its catalog: mesh.mirrors().commit().")
          .lasting(ErrorCode.BACKEND_FAILED);
    }
    return AwsFailure.isPassing(response)
        ? notAnswered(response)
        : failure(response)
            .because("Lake Formation rejected the request, " + AwsFailure.describe(response))
            .fix(
                "Run the mirrors of its catalog, which register the location of the table:"
                    + " mesh.mirrors().commit().")
            .lasting(ErrorCode.BACKEND_FAILED);
  }

  /** True if Lake Formation refused, and not IAM. */
  private static boolean isRefusal(AwsServiceException response) {
    return FILTERED.equals(AwsFailure.codeOf(response))
        || (AwsFailure.isDenied(response) && DeniedPermission.of(response).isEmpty());
  }

  private RuntimeException notTrusted(
      AwsServiceException response, Principal filtering, String sessionTagValue) {
    return failure(response)
        .because(
            "Lake Formation does not give "
                + filtering
                + " the files of the table: it has no SELECT there, or the settings of the account"
                + " of the table do not trust this process to filter, with"
                + " AllowExternalDataFiltering, the account "
                + filtering.account()
                + " in ExternalDataFilteringAllowList, and '"
                + sessionTagValue
                + "' in AuthorizedSessionTagValueList")
        .fix(
            "Call externalDataFiltering(\""
                + sessionTagValue
                + "\", \""
                + filtering.account()
                + "\") in the configuration of the mirrors, and run them:"
                + " mesh.mirrors().commit(). If access().explain(..) shows no grant, call"
                + " requests().requestAccess(..).")
        .accessDenied(
            FILTERED.equals(AwsFailure.codeOf(response))
                ? ErrorCode.FILTERED_READ
                : ErrorCode.ACCESS_DENIED,
            "SELECT on " + table.name() + " in Lake Formation as a trusted engine",
            List.of());
  }

  private RuntimeException denied(AwsServiceException response) {
    if (DeniedPermission.of(response).isPresent()) {
      return AwsFailure.permissionMissing(
          failure(response), caller(), PERMISSION, table.arn(), response);
    }
    return failure(response)
        .because(
            "Lake Formation does not give "
                + caller()
                + " the files of the table: it has no SELECT there, or the settings of one of the"
                + " accounts do not have AllowFullTableExternalDataAccess")
        .fix(
            "If access().explain(..) shows that the mesh grants it, run the mirrors of its catalog:"
                + " mesh.mirrors().commit(). Otherwise call requests().requestAccess(..).")
        .accessDenied(
            ErrorCode.ACCESS_DENIED, "SELECT on " + table.name() + " in Lake Formation", List.of());
  }

  private RuntimeException notAnswered(RuntimeException cause) {
    return failure(cause)
        .because("Lake Formation did not complete the request, " + AwsFailure.describe(cause))
        .fix("Run it again.")
        .passing(ErrorCode.BACKEND_FAILED);
  }

  private Failure failure(RuntimeException cause) {
    return Failure.of(MeshAction.of(Verb.READ, "the files of " + table.name()))
        .state("Nothing was read.")
        .cause(cause);
  }
}
