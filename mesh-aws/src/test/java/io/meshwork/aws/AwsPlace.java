package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.PrincipalCredentials;
import io.meshwork.product.Principal;
import io.meshwork.testkit.MeshPlace;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * A bucket and a table for a mesh that crashes, opened as through the door. Each process also has
 * faults of S3 and DynamoDB that the SDK's repetitions hide.
 */
public final class AwsPlace implements MeshPlace {
  private static final int FAULTS = 6;
  private static final int REQUESTS = 60;
  private static final AtomicLong PLACES = new AtomicLong();

  private final AwsEmulator aws = AwsEmulator.start();
  private final AwsConfig config = AwsLocal.newMesh(aws);
  private final AwsCredentialsProvider role = AwsLocal.role("plant-etl");
  private final Random random;

  public AwsPlace(long seed) {
    random = new Random(seed + PLACES.getAndIncrement());
    AwsMesh.setUp(config, AwsLocal.role("admin"), InstantSource.system(), AwsSetup::makeStores);
  }

  @Override
  public Mesh.Builder open() {
    aws.reset();
    for (int i = 0; i < FAULTS; i++) {
      int number = 1 + random.nextInt(REQUESTS);
      switch (random.nextInt(4)) {
        case 0 -> aws.on("s3", "*").nth(number).fail500();
        case 1 -> aws.on("s3", "*").nth(number).loseReply();
        case 2 -> aws.on("dynamodb", "GetItem").nth(number).fail500();
        default -> aws.on("dynamodb", "Query").nth(number).loseReply();
      }
    }
    return Mesh.builder(
        (clock, meters) ->
            new BelievedPrincipals(
                AwsRoleCredentials.of(
                    config, role, new ControlPlane(clock, meters), AwsLocal.QUICK)),
        config.root());
  }

  @Override
  public void close() {
    aws.close();
  }

  /** All principals have the credentials of the process. */
  private record BelievedPrincipals(AwsRoleCredentials process) implements PrincipalCredentials {
    @Override
    public Principal self() {
      return process.self();
    }

    @Override
    public boolean isGovernance() {
      return process.isGovernance();
    }

    @Override
    public Ports as(Principal principal) {
      return process.as(process.self());
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
