package io.meshwork.aws.internal.mirror.glue;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.Principal;
import java.util.function.Function;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.ram.RamClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The clients of one role. To the engine of mirrors, a role that cannot be assumed is a missing
 * permission in its account. Immutable.
 *
 * @param clients opens clients
 * @param role the role
 */
public record RoleClients(MirrorClients clients, Principal role) {
  public String account() {
    return role.account();
  }

  public GlueClient glue() {
    return open("Glue", clients::glue);
  }

  public LakeFormationClient lakeFormation() {
    return open("Lake Formation", clients::lakeFormation);
  }

  public RamClient ram() {
    return open("Resource Access Manager", clients::ram);
  }

  public S3Client s3() {
    return open("S3", clients::s3);
  }

  private <C> C open(String service, Function<Principal, C> client) {
    try {
      return client.apply(role);
    } catch (AccessDeniedException e) {
      throw Failure.of(MeshAction.of(Verb.READ, service + " of account " + account()))
          .because("this process may not act as " + role)
          .fix("Create the role, or let this process assume it.")
          .cause(e)
          .lasting(ErrorCode.PERMISSION_MISSING);
    }
  }
}
