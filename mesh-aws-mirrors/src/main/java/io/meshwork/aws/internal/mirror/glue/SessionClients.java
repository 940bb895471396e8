package io.meshwork.aws.internal.mirror.glue;

import io.meshwork.aws.internal.RoleSessions;
import io.meshwork.aws.internal.RoleSessions.RoleSession;
import io.meshwork.aws.internal.ServiceClient;
import io.meshwork.product.Principal;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.GlueClientBuilder;
import software.amazon.awssdk.services.glue.endpoints.GlueEndpointProvider;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.ram.RamClient;
import software.amazon.awssdk.services.ram.RamClientBuilder;
import software.amazon.awssdk.services.ram.endpoints.RamEndpointProvider;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The clients of the roles of a mesh. As with all its clients, endpoints of the environment are
 * removed before the rules of the AWS SDK are applied.
 *
 * @param roles opens clients as roles
 */
public record SessionClients(RoleSessions roles) implements MirrorClients {
  /** Glue. */
  public static final ServiceClient<GlueClientBuilder, GlueClient> GLUE =
      new ServiceClient<>(
          GlueClient.class,
          "glue",
          GlueClient::builder,
          builder -> builder.endpointProvider(glueOfRegion()));

  /** Resource Access Manager. */
  public static final ServiceClient<RamClientBuilder, RamClient> RAM =
      new ServiceClient<>(
          RamClient.class,
          "ram",
          RamClient::builder,
          builder -> builder.endpointProvider(ramOfRegion()));

  private static GlueEndpointProvider glueOfRegion() {
    GlueEndpointProvider rules = GlueEndpointProvider.defaultProvider();
    return place -> rules.resolveEndpoint(place.toBuilder().endpoint(null).build());
  }

  private static RamEndpointProvider ramOfRegion() {
    RamEndpointProvider rules = RamEndpointProvider.defaultProvider();
    return place -> rules.resolveEndpoint(place.toBuilder().endpoint(null).build());
  }

  @Override
  public GlueClient glue(Principal principal) {
    return roles.client(principal, GLUE);
  }

  @Override
  public LakeFormationClient lakeFormation(Principal principal) {
    return roles.lakeFormation(principal);
  }

  @Override
  public RamClient ram(Principal principal) {
    return roles.client(principal, RAM);
  }

  @Override
  public S3Client s3(Principal principal) {
    return roles.s3(principal);
  }

  @Override
  public ReaderClients reader(Principal principal) {
    RoleSession session = roles.session(principal);
    try {
      return new SessionReader(session, session.client(GLUE), session.lakeFormation());
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private record SessionReader(
      RoleSession session, GlueClient glue, LakeFormationClient lakeFormation)
      implements ReaderClients {
    @Override
    public S3Client s3(AwsCredentialsProvider vended) {
      return session.s3(vended);
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
