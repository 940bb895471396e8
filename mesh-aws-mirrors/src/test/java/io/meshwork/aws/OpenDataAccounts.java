package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A central mesh over accounts of one organization, and a stranger outside of it. The bucket of
 * {@code commerce} is in its own account, with the open product {@code commerce/prices} and the
 * product {@code commerce/orders}, which is not open.
 */
final class OpenDataAccounts implements AutoCloseable {
  static final String PRICES = "commerce/prices";
  static final String ORDERS = "commerce/orders";

  /** A row. */
  record Price(String id, long amount) {}

  final AwsEmulator aws;
  final String governance = GlueAccount.newAccount();
  final String commerce = GlueAccount.newAccount();
  final String finance = GlueAccount.newAccount();
  final String stranger = GlueAccount.newAccount();
  final String organization;
  final AwsConfig closed;
  final AwsConfig config;
  final String bucket;
  final MeshClient shop;
  private final Mesh mesh;

  private OpenDataAccounts(AwsEmulator aws) {
    this.aws = aws;
    organization = aws.organization(governance, commerce, finance);
    closed =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(governance, "open" + governance.substring(6));
    config = closed.openData(organization, "commerce");
    bucket = config.bucketIn(commerce);
    AwsMesh.setUp(
        config,
        AwsLocal.role(governance, "admin"),
        MeshRuntime.systemClock(),
        setup -> setup.make(Optional.of(Topology.central())));
    String root =
        AwsMesh.setUp(
            config,
            AwsLocal.role(commerce, "admin"),
            MeshRuntime.systemClock(),
            AwsSetup::makeBucket);
    mesh = process(config);
    register("commerce", commerce, Optional.of(root));
    register("finance", finance, Optional.empty());
    shop = mesh.clientAs(Principal.of(commerce, "etl"));
  }

  private void register(String domain, String account, Optional<String> root) {
    var registration =
        mesh.client()
            .registerDomain(domain)
            .accounts(account)
            .administrators(Principal.of(account, "etl"), Principal.of(account, "steward"))
            .owner(domain + "@example.org");
    root.ifPresent(registration::location);
    registration.commit();
  }

  /** Returns the client of a role of commerce. */
  MeshClient as(String role) {
    return mesh.clientAs(Principal.of(commerce, role));
  }

  static OpenDataAccounts make(AwsEmulator aws) {
    OpenDataAccounts made = new OpenDataAccounts(aws);
    Contract contract = Contract.of(Price.class);
    made.shop.defineProduct(PRICES).contract(contract).openToMesh().commit();
    made.shop.defineProduct(ORDERS).contract(contract).commit();
    made.publish(PRICES);
    made.publish(ORDERS);
    aws.reset();
    return made;
  }

  /** Publishes an open product of which one column is confidential later. */
  void publishPartlyOpen(String product) {
    shop.defineProduct(product).contract(Contract.of(Price.class)).openToMesh().commit();
    publish(product);
    shop.amendContract(
            product, Contract.of(Price.class).classification(Classification.CONFIDENTIAL, "amount"))
        .commit();
  }

  void publish(String product) {
    shop.publish(product).records(List.of(new Price("1", 12))).commit();
  }

  /** Opens the mesh as the process that runs the mirrors. */
  Mesh process(AwsConfig as) {
    return AwsLocal.quick(as, governance, "operator").open();
  }

  Mirrors.Report mirror() {
    return mesh.mirrors().commit();
  }

  /** Runs the mirrors as another process, with another configuration or other limits. */
  Mirrors.Report mirror(AwsConfig as) {
    try (Mesh other = process(as)) {
      return other.mirrors().commit();
    }
  }

  List<Finding> verify() {
    return mesh.mirrors().verify().findings();
  }

  Mirrors.Report repair() {
    return mesh.mirrors().repair().commit();
  }

  Mirrors mirrors() {
    return mesh.mirrors();
  }

  String policy() {
    try (S3Client s3 = administrator(commerce).s3()) {
      return s3.getBucketPolicy(get -> get.bucket(bucket)).policy();
    }
  }

  void putPolicy(String policy) {
    try (S3Client s3 = administrator(commerce).s3()) {
      s3.putBucketPolicy(put -> put.bucket(bucket).policy(policy));
    }
  }

  void deletePolicy() {
    try (S3Client s3 = administrator(commerce).s3()) {
      s3.deleteBucketPolicy(delete -> delete.bucket(bucket));
    }
  }

  /** Returns true if the bucket has a policy. */
  boolean hasPolicy() {
    try {
      return !policy().isEmpty();
    } catch (S3Exception e) {
      return false;
    }
  }

  /** Returns the keys of the files of a table. */
  List<String> files(String table) {
    try (S3Client s3 = administrator(commerce).s3()) {
      return s3
          .listObjectsV2(list -> list.bucket(bucket).prefix("data/commerce/" + table + "/"))
          .contents()
          .stream()
          .map(S3Object::key)
          .toList();
    }
  }

  /** Returns true if clients can read all files of a table; false if none. */
  boolean reads(EmulatedClients clients, String table) {
    List<String> files = files(table);
    try (S3Client s3 = clients.s3()) {
      long read = files.stream().filter(file -> canRead(s3, file)).count();
      if (read > 0 && read < files.size()) {
        throw new AssertionError("only " + read + " of " + files + " can be read");
      }
      return read > 0;
    }
  }

  private boolean canRead(S3Client s3, String file) {
    return attempt(() -> s3.getObjectAsBytes(get -> get.bucket(bucket).key(file)).asByteArray());
  }

  private static boolean attempt(Supplier<byte[]> read) {
    try {
      return read.get().length > 0;
    } catch (S3Exception e) {
      if (e.statusCode() != 403) {
        throw e;
      }
      return false;
    }
  }

  /** Creates a role with these policies only, and returns its clients. */
  EmulatedClients createRole(String account, String role, String... policies) {
    EmulatedClients administrator = administrator(account);
    administrator.createRole(
        role,
        Policies.policy(
            """
            {"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::%s:root","arn:aws:iam::%s:root"]},\
            "Action":["sts:AssumeRole","sts:TagSession"]}\
            """
                .formatted(account, governance)));
    for (int i = 0; i < policies.length; i++) {
      administrator.iam(
          "PutRolePolicy",
          Map.of("RoleName", role, "PolicyName", "p" + i, "PolicyDocument", policies[i]));
    }
    return administrator.assuming("arn:aws:iam::" + account + ":role/" + role);
  }

  EmulatedClients administrator(String account) {
    return EmulatedClients.administrator(aws, account);
  }

  static List<FindingCode> codes(List<Finding> findings) {
    return findings.stream().map(Finding::code).toList();
  }

  @Override
  public void close() {
    aws.reset();
    mesh.close();
  }
}
