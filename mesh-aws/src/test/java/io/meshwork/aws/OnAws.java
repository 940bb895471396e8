package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.testkit.TestBackend;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Meshes as {@link AwsMesh} makes and opens them: the bucket and the table of each, the clients of
 * a role, and separate partitions of consumers. The principals of the suites are not roles of IAM:
 * all of them use the clients of one role, or each those of the role that {@link SuiteRoles} gives
 * it.
 */
public final class OnAws implements TestBackend {
  private static final int MAX_BUCKET_NAME = 63;

  private final AwsCredentialsProvider admin;
  private final AwsCredentialsProvider role;
  private final S3Client s3;
  private final boolean hasRoles;
  private final Map<Path, AwsConfig> meshes = new ConcurrentHashMap<>();
  private final Map<String, String> places = new ConcurrentHashMap<>();

  /**
   * Creates the backend.
   *
   * @param admin the credentials of a role that makes buckets and tables
   * @param role the credentials of a role that uses them, and may assume others
   * @param s3 creates the buckets of places
   * @param hasRoles true for a role for each principal
   */
  public OnAws(
      AwsCredentialsProvider admin, AwsCredentialsProvider role, S3Client s3, boolean hasRoles) {
    this.admin = admin;
    this.role = role;
    this.s3 = s3;
    this.hasRoles = hasRoles;
  }

  @Override
  public Mesh.Builder newMesh(Path folder) {
    AwsConfig created = AwsLocal.newMesh();
    AwsMesh.setUp(created, admin, InstantSource.system(), AwsSetup::makeStores);
    permit(created.bucket());
    meshes.put(folder, created);
    return opening(created).partitionConsumers();
  }

  @Override
  public Optional<Mesh.Builder> existingMesh(Path folder) {
    return Optional.ofNullable(meshes.get(folder)).map(this::opening);
  }

  /** Another bucket; a name that is too long for a bucket is returned as it is. */
  @Override
  public Optional<String> placeOfData(Path folder, String name) {
    if (name.length() > MAX_BUCKET_NAME) {
      return Optional.of("s3://" + name);
    }
    return Optional.of(places.computeIfAbsent(folder + "/" + name, absent -> newPlace()));
  }

  private String newPlace() {
    String root = S3Local.newBucket(s3);
    permit(root.substring("s3://".length()));
    return root;
  }

  private void permit(String bucket) {
    if (hasRoles) {
      SuiteRoles.permit(s3, bucket);
    }
  }

  @Override
  public String displayName() {
    return "on AWS";
  }

  private Mesh.Builder opening(AwsConfig config) {
    return hasRoles
        ? Mesh.builder(
            (clock, meters) ->
                new SuiteRoles(
                    AwsRoleCredentials.of(
                        config, role, new ControlPlane(clock, meters), AwsTimeouts.STANDARD)),
            config.root())
        : openingAsOne(config);
  }

  /** The clients are those of the role, and are closed with the registry, after the files. */
  private Mesh.Builder openingAsOne(AwsConfig config) {
    AwsRoleCredentials process = AwsRoleCredentials.of(config, role);
    Ports own = process.own().ports();
    ForwardingRegistry registry =
        new ForwardingRegistry(own.registry()) {
          @Override
          public void close() {
            super.close();
            process.close();
          }
        };
    return Mesh.builder(registry, own.files(), config.root());
  }
}
