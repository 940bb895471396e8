package io.meshwork.aws;

import io.meshwork.aws.internal.onboarding.MeshDocuments;
import io.meshwork.error.BackendException;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.product.Principal;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/**
 * The first documents of the registry.
 *
 * @param acting this process, which makes them
 * @param processes returns what a role can do, which reads them
 */
@NullMarked
record FirstDocuments(
    AwsConfig config,
    AwsRoleCredentials acting,
    Function<Principal, AwsRoleCredentials> processes,
    InstantSource clock)
    implements MeshDocuments {
  @Override
  public boolean exist() {
    try {
      return acting
          .own()
          .registry(TablePlace.ofDirectory(config))
          .read(MeshRoot.KEY)
          .isPresent();
    } catch (BackendException e) {
      if (e.getCause() instanceof ResourceNotFoundException) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void make() {
    new AwsSetup(config, acting, clock).make(Optional.empty());
  }

  @Override
  public void requireReadBy(Principal role) {
    AwsSetup.requireMesh(config, processes.apply(role).own().ports().registry());
  }

  @Override
  public String command() {
    return "mesh init 'aws:"
        + config.region()
        + "/"
        + config.account()
        + "/"
        + config.meshName()
        + "'";
  }

  @Override
  public String mesh() {
    return config.meshName();
  }
}
