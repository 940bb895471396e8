package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.conformance.TopologyConformance;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.TestBackend;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The topologies in real accounts: a central mesh in one account, and the table of each catalog of
 * other topologies in a further account. The principals of the suite are not roles of IAM, so all
 * of them use the clients of one role in each account. Without the profile {@code aws-live}, the
 * emulator is the endpoint of five accounts.
 */
class AwsLiveTopologiesTest extends TopologyConformance {
  private static AwsLiveAccount live;

  @BeforeAll
  static void findAccounts() {
    live = AwsLiveAccount.current().orElseGet(AwsLiveTopologiesTest::emulated);
  }

  @AfterAll
  static void removeAll() {
    if (live != null) { // null if the emulator is missing
      AwsLiveSession.removeAll(live);
    }
  }

  private static AwsLiveAccount emulated() {
    AwsEmulator aws = AwsLocal.emulator();
    String roles =
        Stream.of("222222222222", "333333333333", "444444444444", "555555555555")
            .map(account -> "arn:aws:iam::" + account + ":role/live")
            .collect(Collectors.joining(","));
    return AwsLiveAccount.of(
        Map.of(
            "MESH_LIVE_REGION",
            aws.region(),
            "MESH_LIVE_ACCOUNT",
            AwsLocal.ACCOUNT,
            "MESH_LIVE_PREFIX",
            "p" + UUID.randomUUID().toString().substring(0, 6),
            "MESH_LIVE_ENDPOINT",
            aws.endpoint().toString(),
            "MESH_LIVE_ROLES",
            roles),
        AwsLocal.role("live"));
  }

  @Override
  protected boolean supports(Topology topology) {
    int catalogs =
        switch (topology.shape()) {
          case CENTRAL -> 0;
          case LINES -> topology.catalogs().size();
          case FEDERATED -> AwsLiveAccount.MAX_FURTHER;
        };
    return live.further().size() >= catalogs;
  }

  @Override
  protected TestBackend backend() {
    return folder -> new OpenedStores(live.newMesh(), live).mesh();
  }

  /** The stores of a mesh that does not exist yet, and the processes that use them. */
  private static final class OpenedStores {
    private final AwsConfig config;
    private final AwsRoleCredentials governance;
    private final Iterator<AwsLiveAccount> free;
    private final Map<String, Registry> catalogs = new ConcurrentHashMap<>();
    private final List<AwsRoleCredentials> processes = new ArrayList<>();

    OpenedStores(AwsConfig config, AwsLiveAccount live) {
      this.config = config;
      this.free = live.further().iterator();
      AwsMesh.setUp(config, live.credentials(), InstantSource.system(), AwsSetup::makeStores);
      governance = AwsRoleCredentials.of(config, live.credentials());
    }

    Mesh.Builder mesh() {
      Ports own = governance.own().ports();
      ForwardingRegistry directory =
          new ForwardingRegistry(own.registry()) {
            @Override
            public void close() {
              super.close();
              closeProcesses();
            }
          };
      return Mesh.builder(directory, own.files(), config.root())
          .catalogs(catalog -> catalogs.computeIfAbsent(catalog, this::newTable))
          .partitionConsumers();
    }

    /** Makes the table of a catalog in the next account. */
    private synchronized Registry newTable(String catalog) {
      AwsLiveAccount account = free.next();
      TablePlace place =
          AwsMesh.setUp(config, account.credentials(), InstantSource.system(), AwsSetup::makeTable);
      AwsRoleCredentials process = AwsRoleCredentials.of(config, account.credentials());
      processes.add(process);
      return process.own().registry(place);
    }

    private synchronized void closeProcesses() {
      processes.forEach(AwsRoleCredentials::close);
      governance.close();
    }
  }
}
