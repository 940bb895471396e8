package io.meshwork.aws;

import io.meshwork.PrincipalCredentials;
import io.meshwork.error.BackendException;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Warehouse;
import java.util.Map;
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
  public boolean isAccountOfCatalog(String name) {
    return AwsConfig.isAccount(name) && !name.equals(config.account());
  }

  @Override
  public Map<String, String> placeOfCatalog(String account) {
    return TablePlace.in(config, account).fields();
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
  public Registry openCatalog(String catalog, String account) {
    Registry registry = acting().own().registry(TablePlace.in(config, account));
    try {
      registry.read(MeshRoot.KEY);
      return registry;
    } catch (BackendException e) {
      Failure failure =
          Failure.of(MeshAction.of(Verb.OPEN, "the catalog '" + catalog + "'"))
              .because(TablePlace.in(config, account) + " cannot be read: " + e.reason())
              .state(e.state())
              .fix(e.fix())
              .cause(e);
      throw e.retryable() ? failure.passing(e.errorCode()) : failure.lasting(e.errorCode());
    }
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
