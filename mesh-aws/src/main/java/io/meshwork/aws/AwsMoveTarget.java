package io.meshwork.aws;

import io.meshwork.PrincipalCredentials;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Warehouse;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** The place on AWS to which an embedded mesh is moved. Not thread-safe. */
final class AwsMoveTarget implements MoveMesh.Target {
  private final AwsConfig config;
  private final AwsCredentialsProvider credentials;
  private @Nullable AwsRoleCredentials acting;

  AwsMoveTarget(AwsConfig config, AwsCredentialsProvider credentials) {
    this.config = config;
    this.credentials = credentials;
  }

  @Override
  public String description() {
    return "the " + config;
  }

  @Override
  public String root() {
    return config.root();
  }

  @Override
  public boolean isAccount(String name) {
    return AwsConfig.isAccount(name);
  }

  @Override
  public Principal self() {
    return acting().self();
  }

  @Override
  public void makeStores() {
    new AwsSetup(config, acting(), MeshRuntime.systemClock()).makeStores();
  }

  @Override
  public Warehouse.Ports open() {
    PrincipalCredentials.Ports own = acting().as(self());
    return new Warehouse.Ports(own.registry(), own.files(), config.root());
  }

  @Override
  public void close() {
    AwsRoleCredentials opened = acting;
    if (opened != null) {
      opened.close();
      acting = null;
    }
  }

  private AwsRoleCredentials acting() {
    AwsRoleCredentials opened = acting;
    if (opened == null) {
      opened = AwsRoleCredentials.of(config, credentials);
      acting = opened;
    }
    return opened;
  }
}
