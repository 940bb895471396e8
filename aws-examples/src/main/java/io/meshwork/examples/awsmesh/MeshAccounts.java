package io.meshwork.examples.awsmesh;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.error.Finding;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The accounts of a mesh and what their administrators do: they create the stores, and roles that
 * have exactly the policies that {@link AwsPolicies} prints. Each policy is also written to a
 * folder. Not thread-safe: a JVM is a process of one role at a time.
 */
public final class MeshAccounts {
  /** A role that no administrator created, so that the emulator permits it everything. */
  private static final String ADMINISTRATOR = "administrator";

  private static final String MIRROR = "mesh-mirror";

  private final AwsEmulator aws;
  private final AwsConfig config;
  private final AwsPolicies policies;
  private final String governance;
  private final Path folder;
  private final Set<String> callers = new TreeSet<>();
  private int stepsByHand;

  /** The roots of buckets by account. */
  private final Map<String, String> roots = new HashMap<>();

  /**
   * Names the accounts.
   *
   * @param governance the account of the mesh, 12 digits
   * @param config the mesh
   * @param folder for the policies
   */
  public MeshAccounts(AwsEmulator aws, String governance, AwsConfig config, Path folder) {
    this.aws = aws;
    this.governance = governance;
    this.folder = folder;
    this.config = config;
    policies = AwsPolicies.of(config);
  }

  /** Creates the registry of the mesh in the account of governance. */
  public void makeMesh() {
    aws.runAs(governance, ADMINISTRATOR);
    AwsMesh.make(config);
    stepsByHand++;
  }

  /** Creates the bucket of an account, and returns its root. */
  public String makeBucket(String account) {
    aws.runAs(account, ADMINISTRATOR);
    String root = AwsMesh.makeBucket(config);
    stepsByHand++;
    roots.put(account, root);
    return root;
  }

  /** Creates a role with the policies of a kind, and its registry role. */
  public void createRole(Principal role, AwsRoleKind kind) {
    createRole(role, trust(role.account()));
    Principal registry = role;
    if (!role.account().equals(governance)) {
      registry = Principal.of(governance, policies.registryRole(role));
      createRole(registry, policies.registryTrust(role));
      putPolicy(role, "caller", policies.caller(role));
    }
    putPolicy(registry, "registry", policies.registry(kind));
    putPolicy(role, "files", policies.files(role.account(), kind));
  }

  /**
   * Creates a role for tasks of engines, which has no registry role. Returns its only policy.
   *
   * @param products those whose files it uses
   */
  public String createTasksRole(Principal role, String domain, List<String> products) {
    createRole(role, trust(role.account()));
    String files =
        policies.files(
            role.account(),
            products.stream()
                .map(product -> AwsRoleKind.tasks(domain, product))
                .toArray(AwsRoleKind[]::new));
    putPolicy(role, "files", files);
    return files;
  }

  /**
   * Creates the roles of the mirrors: the one of the process that runs them, with which it acts as
   * {@code mesh-mirror} of each account, and the one with which Lake Formation reads the files.
   */
  void createMirrorRoles(Principal scheduler, Principal registration, List<String> accounts) {
    List<Principal> mirrors =
        accounts.stream().map(account -> Principal.of(account, MIRROR)).toList();
    createRole(scheduler, trust(governance));
    putPolicy(scheduler, "registry", policies.registry(AwsRoleKind.reader()));
    putPolicy(scheduler, "caller", policies.caller(scheduler, mirrors.toArray(Principal[]::new)));
    for (Principal mirror : mirrors) {
      createRole(mirror, trust(mirror.account(), governance));
      if (mirror.account().equals(governance)) {
        putPolicy(mirror, "registry", policies.registry(AwsRoleKind.mirror()));
        putPolicy(mirror, "mirror", policies.mirror());
      } else {
        putPolicy(mirror, "recipient", policies.recipientMirror());
      }
    }
    createRole(registration, policies.registrationTrust());
    putPolicy(registration, "files", policies.registration());
  }

  /** Lets a role use engines that ask Glue and Lake Formation. */
  void permitEngines(Principal role) {
    putPolicy(role, "engines", policies.engineReader());
  }

  private void createRole(Principal role, String trust) {
    write(Path.of(role.account(), role.role(), "trust.json"), trust);
    new IamAdministrator(aws, role.account()).createRole(role.role(), trust);
    stepsByHand++;
  }

  /**
   * Sets the policy of the bucket of an account: Lake Formation reads the files of its tables with
   * a role, and no other role of another account does.
   *
   * @throws NullPointerException if {@link #makeBucket} was not called for the account
   */
  void permitLakeFormation(String account, Principal registration) {
    String bucket = bucket(Objects.requireNonNull(roots.get(account)));
    String policy = policies.registrationRole(registration).bucket(account);
    write(Path.of(account, bucket + ".json"), policy);
    aws.runAs(account, ADMINISTRATOR);
    withS3(s3 -> s3.putBucketPolicy(put -> put.bucket(bucket).policy(policy)));
    stepsByHand++;
  }

  /** Runs the mirrors as a role, with all that they find to do. */
  Mirrors.Report mirror(Principal scheduler) {
    aws.runAs(scheduler.account(), scheduler.role());
    try (Mesh mesh = AwsMesh.connect(config)) {
      Mirrors.Report report = mesh.mirrors().commit();
      stepsByHand += report.byHand().size();
      return report;
    }
  }

  /** Verifies the mirrors as a role, and returns the problems. */
  List<Finding> verify(Principal scheduler) {
    aws.runAs(scheduler.account(), scheduler.role());
    try (Mesh mesh = AwsMesh.connect(config)) {
      return mesh.mirrors().verify().problems();
    }
  }

  /** Does a part of the story as a process of a role, with the credentials that the SDK finds. */
  public <T> T as(Principal role, Function<MeshClient, T> work) {
    aws.runAs(role.account(), role.role());
    try (Mesh mesh = AwsMesh.connect(config)) {
      MeshClient client = mesh.client();
      callers.add(client.principal().toString());
      return work.apply(client);
    }
  }

  /** Runs maintenance as a role after some days, and returns what is left to do. */
  public List<Finding> maintain(Principal role, Duration later) {
    aws.runAs(role.account(), role.role());
    try (Mesh mesh =
        AwsMesh.builder(config)
            .testing()
            .wrapRegistry(registry -> new LaterRegistry(registry, later))
            .clock(() -> Instant.now().plus(later))
            .open()) {
      return mesh.maintain().trustClock().commit().remaining();
    }
  }

  /** Uses the services of AWS as a role, without the mesh. */
  <T> T withoutMesh(Principal role, Function<LakeReader, T> work) {
    aws.runAs(role.account(), role.role());
    return work.apply(new LakeReader(aws));
  }

  /** Returns the principals that have opened the mesh, as STS confirmed them, sorted. */
  List<String> callers() {
    return List.copyOf(callers);
  }

  /** Returns the number of buckets that an account has. */
  int buckets(String account) {
    aws.runAs(account, ADMINISTRATOR);
    return withS3(s3 -> s3.listBuckets().buckets().size());
  }

  /** Returns what administrators did: stores, roles, policies, and what mirrors left to them. */
  int stepsByHand() {
    return stepsByHand;
  }

  /** Gives a role a policy, in place of one of this name. */
  public void putPolicy(Principal role, String name, String policy) {
    write(Path.of(role.account(), role.role(), name + ".json"), policy);
    new IamAdministrator(aws, role.account()).putRolePolicy(role.role(), name, policy);
    stepsByHand++;
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

  /** Returns a trust policy: accounts decide which of their roles start processes of the role. */
  private static String trust(String... accounts) {
    return """
           {
             "Version": "2012-10-17",
             "Statement": [
               {
                 "Effect": "Allow",
                 "Principal": {"AWS": [%s]},
                 "Action": ["sts:AssumeRole", "sts:TagSession"]
               }
             ]
           }"""
        .formatted(
            Arrays.stream(accounts)
                .map(account -> "\"arn:aws:iam::" + account + ":root\"")
                .collect(Collectors.joining(", ")));
  }
}
