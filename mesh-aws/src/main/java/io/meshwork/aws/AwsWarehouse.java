package io.meshwork.aws;

import io.meshwork.PrincipalCredentials;
import io.meshwork.product.Principal;
import io.meshwork.registry.Warehouse;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * Opens meshes on AWS for engines: {@code warehouse} is an address as in {@link AwsConfig#of}, such
 * as {@code aws:eu-central-1/111111111111/sales}. The principal is the role of the driver, as STS
 * confirms it, or one that this role may assume. Tasks use files as the role of their own process,
 * which {@link AwsRoleKind#tasks} describes, and never the registry; no credentials are sent to
 * them.
 */
public final class AwsWarehouse implements Warehouse {
  /** Creates the service, for engines. */
  public AwsWarehouse() {}

  /** Returns true for a location that begins with {@code aws:}. */
  @Override
  public boolean isHome(String location) {
    return location.startsWith(AwsAddress.SCHEME);
  }

  @Override
  public Ports open(String location, Principal principal, Map<String, String> properties) {
    return open(AwsConfig.of(location), principal, DefaultCredentialsProvider.builder().build());
  }

  private static Ports open(
      AwsConfig config, Principal principal, AwsCredentialsProvider credentials) {
    AwsRoleCredentials acting = AwsRoleCredentials.of(config, credentials);
    try {
      AwsSetup.requireMesh(config, acting.own().registry(TablePlace.ofDirectory(config)));
      PrincipalCredentials.Ports ports = acting.as(principal);
      return new Ports(ports.registry(), ports.files(), config.root(), acting::close);
    } catch (RuntimeException e) {
      acting.close();
      throw e;
    }
  }
}
