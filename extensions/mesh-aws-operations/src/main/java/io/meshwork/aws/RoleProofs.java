package io.meshwork.aws;

import io.meshwork.aws.AwsOperations.Verification;
import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.DeniedPermission;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Proves roles by using them: each is assumed, and used for what it is for. */
@NullMarked
record RoleProofs(
    OnboardedAccount account, Function<Principal, AwsRoleCredentials> roles, InstantSource clock) {
  Verification run() {
    List<Principal> proven = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (Principal role : account.roles().keySet()) {
      try {
        int before = Finding.errors(findings).size();
        prove(role, findings::add);
        if (Finding.errors(findings).size() == before) {
          proven.add(role);
        }
      } catch (AccessDeniedException e) {
        if (e.errorCode() != ErrorCode.NOT_THIS_PRINCIPAL) {
          throw e;
        }
        findings.add(
            new Finding(
                FindingCode.ROLE_NOT_PROVEN,
                Finding.Severity.NOTE,
                role.toString(),
                "Not proven: " + e.reason() + ".",
                0,
                List.of(),
                "Run it as a role that may assume it, or as that role."));
      } catch (MeshException e) {
        if (e.retryable()) {
          throw e;
        }
        findings.add(refused(role, e.reason()));
      } catch (SdkException e) {
        if (!AwsFailure.isDenied(e)) {
          throw incomplete(role, e);
        }
        findings.add(refused(role, DeniedPermission.sentence(role, e)));
      }
    }
    return new Verification(proven, findings);
  }

  private void prove(Principal role, Consumer<Finding> findings) {
    RoleUse use =
        new RoleUse(
            account.config(),
            account.account(),
            account.catalogs(),
            account.registry(),
            roles,
            clock,
            findings);
    List<AwsRoleKind> kinds = account.roles().getOrDefault(role, List.of());
    if (role.role().equals(AccountRoles.DEPLOYER)) {
      roles
          .apply(role)
          .client(role, DeployedStack.SERVICE)
          .describeStacks(get -> get.stackName(account.templates().get(0).stack()));
      if (account.isOfMesh()) {
        account.registry().isFoundBy(roles.apply(role));
      }
    } else if (role.role().equals(MirrorSettings.MIRROR)) {
      use.asMirror();
    } else {
      use.asDeclared(role, kinds.isEmpty() ? List.of(AwsRoleKind.reader()) : kinds);
      account
          .sources()
          .apply(role)
          .forEach(
              (bucket, folders) ->
                  folders.forEach(folder -> requireListed(role, bucket, folder, findings)));
    }
  }

  /** Buckets of sources have owners who permit roles, or not. */
  private void requireListed(
      Principal role, String bucket, String folder, Consumer<Finding> findings) {
    try {
      roles
          .apply(role)
          .s3(role)
          .listObjectsV2(list -> list.bucket(bucket).prefix(folder).maxKeys(1));
    } catch (AwsServiceException e) {
      if (AwsFailure.isPassing(e)) {
        throw e;
      }
      String reason =
          AwsFailure.isDenied(e)
              ? DeniedPermission.sentence(role, e)
              : "S3 rejects a request, " + AwsFailure.describe(e) + ": " + AwsFailure.textOf(e);
      findings.accept(
          Finding.error(
              FindingCode.ROLE_NOT_PROVEN,
              role.toString(),
              "It cannot list its source s3://" + bucket + "/" + folder + ": " + reason + ".",
              AwsFailure.isDenied(e)
                  ? "If the bucket is of another account, its owner adds the statements that `mesh"
                      + " template policies` prints for it; else deploy the templates again."
                  : "Correct the source, or create the bucket."));
    }
  }

  private static BackendException incomplete(Principal role, SdkException e) {
    Failure failed =
        Failure.of(MeshAction.of(Verb.CHECK, "the role " + role))
            .because("AWS did not complete a request, " + AwsFailure.describe(e))
            .fix(AwsFailure.fixOf(e, "Run it again."))
            .cause(e);
    return AwsFailure.isPassing(e)
        ? failed.passing(ErrorCode.BACKEND_FAILED)
        : failed.lasting(ErrorCode.BACKEND_FAILED);
  }

  private static Finding refused(Principal role, String reason) {
    return Finding.error(
        FindingCode.ROLE_NOT_PROVEN,
        role.toString(),
        "It can be assumed, but not used: " + reason + ".",
        "Deploy the templates of its account, and of the mesh's account, again.");
  }
}
