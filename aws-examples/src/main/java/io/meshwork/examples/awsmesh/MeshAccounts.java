package io.meshwork.examples.awsmesh;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsDuty;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.product.Principal;
import io.meshwork.testkit.AwsEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The accounts of a mesh and what their administrators do: they create the stores, and roles that
 * have exactly the policies that {@link AwsPolicies} prints. Each policy is also written to a
 * folder. Not thread-safe: a JVM is a process of one role at a time.
 */
final class MeshAccounts {
  /** A role that no administrator created, so that the emulator permits it everything. */
  private static final String ADMINISTRATOR = "administrator";

  private final AwsEmulator aws;
  private final AwsConfig config;
  private final AwsPolicies policies;
  private final String governance;
  private final Path folder;
  private final Set<String> callers = new TreeSet<>();

  /** The roots of buckets by account. */
  private final Map<String, String> roots = new HashMap<>();

  /**
   * Names the accounts.
   *
   * @param governance the account of the mesh, 12 digits
   * @param mesh the name of the mesh
   * @param folder for the policies
   */
  MeshAccounts(AwsEmulator aws, String governance, String mesh, Path folder) {
    this.aws = aws;
    this.governance = governance;
    this.folder = folder;
    config = AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(governance, mesh);
    policies = AwsPolicies.of(config);
  }

  /** Creates the registry of the mesh in the account of governance. */
  void makeMesh() {
    aws.runAs(governance, ADMINISTRATOR);
    AwsMesh.make(config);
  }

  /** Creates the bucket of an account, and returns its root. */
  String makeBucket(String account) {
    aws.runAs(account, ADMINISTRATOR);
    String root = AwsMesh.makeBucket(config);
    roots.put(account, root);
    return root;
  }

  /** Creates a role with the policies of a duty, and its registry role. */
  void createRole(Principal role, AwsDuty duty) {
    IamAdministrator administrator = new IamAdministrator(aws, role.account());
    administrator.createRole(role.role(), trust(role.account()));
    Principal registry = role;
    if (!role.account().equals(governance)) {
      registry = Principal.of(governance, policies.registryRole(role));
      String trust = policies.registryTrust(role);
      write(Path.of(governance, registry.role(), "trust.json"), trust);
      new IamAdministrator(aws, governance).createRole(registry.role(), trust);
      putPolicy(role, "caller", policies.caller(role));
    }
    putPolicy(registry, "registry", policies.registry(duty));
    putPolicy(role, "files", policies.files(role.account(), duty));
  }

  /**
   * Sets the policy of the bucket of an account: these readers, and no others of other accounts.
   *
   * @throws NullPointerException if {@link #makeBucket} was not called for the account
   */
  void shareTables(String account, TableReaders... readers) {
    String bucket = bucket(Objects.requireNonNull(roots.get(account)));
    String policy = policies.bucket(account, readers);
    write(Path.of(account, bucket + ".json"), policy);
    aws.runAs(account, ADMINISTRATOR);
    withS3(s3 -> s3.putBucketPolicy(put -> put.bucket(bucket).policy(policy)));
  }

  /** Does a part of the story as a process of a role, with the credentials that the SDK finds. */
  <T> T as(Principal role, Function<MeshClient, T> work) {
    aws.runAs(role.account(), role.role());
    try (Mesh mesh = AwsMesh.connect(config)) {
      MeshClient client = mesh.acting();
      callers.add(client.principal().toString());
      return work.apply(client);
    }
  }

  /**
   * Reads an object of S3 as a role, without the mesh, and returns its length.
   *
   * @throws software.amazon.awssdk.services.s3.model.S3Exception if S3 refuses
   */
  int lengthRead(Principal role, String location) {
    aws.runAs(role.account(), role.role());
    String bucket = bucket(location);
    String key = location.substring(location.indexOf(bucket) + bucket.length() + 1);
    return withS3(s3 -> s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)))
        .asByteArray()
        .length;
  }

  /** Returns the principals that have opened the mesh, as STS confirmed them, sorted. */
  List<String> callers() {
    return List.copyOf(callers);
  }

  /** Returns the number of requests that arrived at the emulator. */
  int apiCalls() {
    return aws.calls().size();
  }

  /** Returns how often an operation arrived at the emulator, such as {@code s3:GetObject}. */
  long apiCalls(String operation) {
    return aws.calls().stream().filter(operation::equals).count();
  }

  private void putPolicy(Principal role, String name, String policy) {
    write(Path.of(role.account(), role.role(), name + ".json"), policy);
    new IamAdministrator(aws, role.account()).putRolePolicy(role.role(), name, policy);
  }

  private void write(Path file, String policy) {
    try {
      Path target = folder.resolve(file);
      Files.createDirectories(target.getParent());
      Files.writeString(target, policy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private <T> T withS3(Function<S3Client, T> call) {
    try (S3Client s3 =
        S3Client.builder()
            .endpointOverride(aws.endpoint())
            .forcePathStyle(true)
            .region(Region.of(aws.region()))
            .build()) {
      return call.apply(s3);
    }
  }

  private static String bucket(String location) {
    return location.substring("s3://".length()).split("/", 2)[0];
  }

  /** Returns a trust policy: the administrator of the account starts the processes of its roles. */
  private static String trust(String account) {
    return """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Effect": "Allow",
              "Principal": {"AWS": "arn:aws:iam::%s:root"},
              "Action": "sts:AssumeRole"
            }
          ]
        }"""
        .formatted(account);
  }
}
