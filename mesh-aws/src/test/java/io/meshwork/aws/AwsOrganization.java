package io.meshwork.aws;

import io.meshwork.topology.Topology;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A mesh over accounts on the emulator, made by the administrators of the accounts. All accounts
 * may use the bucket of the mesh.
 *
 * @param config the mesh, in {@link #GOVERNANCE}
 */
record AwsOrganization(AwsConfig config) {
  static final String GOVERNANCE = "500000000000";
  static final String COMMERCE = "111111111111";
  static final String LOGISTICS = "222222222222";
  static final String FINANCE = "333333333333";
  static final String RISK = "444444444444";
  static final String VISITORS = "999999999999";

  /** Accounts that have the table of a catalog, by its name. */
  private static final Map<String, String> ACCOUNTS =
      Map.of(
          "retail", COMMERCE,
          "banking", FINANCE,
          "commerce", COMMERCE,
          "logistics", LOGISTICS,
          "finance", FINANCE,
          "risk", RISK);

  private static final List<String> FEDERATED = List.of("commerce", "logistics", "finance", "risk");
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.now());

  /** Makes a mesh with a table for each catalog. */
  static AwsOrganization make(Topology topology) {
    AwsOrganization organization = makeDirectory(topology);
    tables(topology)
        .forEach(
            (catalog, account) -> {
              organization.makeTable(account);
              organization.addCatalog(catalog, account);
            });
    return organization;
  }

  /** Returns the accounts of the tables of a topology, by catalog, without the directory. */
  static Map<String, String> tables(Topology topology) {
    List<String> catalogs =
        switch (topology.shape()) {
          case CENTRAL -> List.of();
          case LINES -> topology.catalogs();
          case FEDERATED -> FEDERATED;
        };
    return catalogs.stream().collect(Collectors.toMap(catalog -> catalog, ACCOUNTS::get));
  }

  /** Makes a mesh without catalogs. */
  static AwsOrganization makeDirectory(Topology topology) {
    String name = "o" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    AwsConfig config =
        AwsConfig.inRegion(AwsLocal.emulator().region())
            .endpoint(AwsLocal.emulator().endpoint())
            .mesh(GOVERNANCE, name);
    AwsMesh.setUp(
        config,
        AwsLocal.role(GOVERNANCE, "admin"),
        CLOCK,
        setup -> setup.make(Optional.of(topology)));
    AwsOrganization organization = new AwsOrganization(config);
    organization.open(GOVERNANCE);
    return organization;
  }

  void makeTable(String account) {
    AwsMesh.setUp(config, AwsLocal.role(account, "admin"), CLOCK, AwsSetup::makeTable);
  }

  void addCatalog(String catalog, String account) {
    addCatalog(catalog, account, "admin");
  }

  /** Adds a catalog as a role of governance. */
  void addCatalog(String catalog, String account, String role) {
    AwsMesh.setUp(
        config,
        AwsLocal.role(GOVERNANCE, role),
        CLOCK,
        setup ->
            setup.addCatalog(catalog, new TablePlace(account, config.region(), config.table())));
  }

  /**
   * Makes the bucket of an account with its policy, except that requests need no TLS; returns its
   * root.
   */
  String makeBucket(String account) {
    String root =
        AwsMesh.setUp(config, AwsLocal.role(account, "admin"), CLOCK, AwsSetup::makeBucket);
    return root;
  }

  private void open(String account) {
    String bucket = config.bucketIn(account);
    String everyone =
        List.of(GOVERNANCE, COMMERCE, LOGISTICS, FINANCE, RISK, VISITORS).stream()
            .map(each -> "\"arn:aws:iam::" + each + ":root\"")
            .collect(Collectors.joining(","));
    String policy =
        """
        {"Version":"2012-10-17","Statement":[{"Sid":"All","Effect":"Allow",\
        "Principal":{"AWS":[%s]},"Action":["s3:ListBucket","s3:GetObject","s3:PutObject",\
        "s3:DeleteObject","s3:AbortMultipartUpload"],\
        "Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/*"]}]}"""
            .formatted(everyone, bucket, bucket);
    try (AwsClients clients = new AwsClients(config)) {
      clients
          .s3(AwsLocal.role(account, "admin"))
          .putBucketPolicy(request -> request.bucket(bucket).policy(policy));
    }
  }
}
