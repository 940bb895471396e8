package io.meshwork.internal.rights;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.change.ChangeOperations;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.grants.AccessGrants;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.TestMesh;
import io.meshwork.internal.ledger.TestMesh.Order;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cached grants are those in the registry, whoever wrote them. */
class GrantListsTest {
  private static final ProductName ORDERS = ProductName.of("shop/orders");
  private static final MeshAction ACTION = MeshAction.of(Verb.LIST, "grants");

  @TempDir private Path folder;
  private final TestMesh mesh = new TestMesh();

  /** Two processes of the owner, each with its own cache. */
  private final List<ClientSession> owners = new ArrayList<>();

  private ClientSession process(String account) {
    Ledger ledger = new Ledger(mesh.registry, mesh.runtime);
    LocalFileIO files = new LocalFileIO();
    return new ClientSession(
        Principal.of(account, "etl"),
        ledger,
        new Catalog(ledger),
        new MeshTables(ledger, files, new DataPlaces(new Catalog(ledger), folder.toString())),
        files,
        UnaryOperator.identity(),
        mesh.runtime,
        Optional::empty);
  }

  private void register() {
    owners.add(process("shop"));
    owners.add(process("shop"));
    ChangeOperations.registerDomain(owners.get(0), "shop").owner("shop@example.org").commit();
    ChangeOperations.defineProduct(owners.get(0), ORDERS)
        .contract(Contract.of(Order.class))
        .commit();
  }

  private static List<StoredGrant> grants(ClientSession session, Set<Grantee> grantees) {
    DomainEntry domain = session.catalog().requireDomain("shop", ACTION);
    ProductEntry product = session.catalog().requireProduct(ORDERS, ACTION);
    List<VersionEntry> versions = session.catalog().requireLiveMajors(product, ACTION);
    return session.rights().ofProduct(domain, product, versions, grantees).grants();
  }

  @Test
  void processesThatGrantAndRevokeInTurnsSeeEachOthersGrants() {
    register();
    Random random = new Random(4);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      AccessGrants access = new AccessGrants(owners.get(random.nextInt(2)));
      if (ids.isEmpty() || random.nextInt(3) > 0) {
        ids.add(
            access
                .grant(ORDERS)
                .to(Principal.of("acc" + random.nextInt(3), "r" + i))
                .because("work")
                .commit()
                .get(0)
                .id());
      } else {
        access.revoke(ids.remove(random.nextInt(ids.size()))).because("done").commit();
      }
      Set<Grantee> grantees = Set.of(Grantee.of(Principal.of("acc1", "r" + i)));
      List<StoredGrant> stored = grants(process("shop"), grantees);
      owners.forEach(owner -> assertThat(grants(owner, grantees)).isEqualTo(stored));
      owners.forEach(
          owner ->
              assertThat(owner.rights().grants(ORDERS))
                  .extracting(StoredGrant::id)
                  .containsExactlyInAnyOrderElementsOf(ids));
    }
  }

  @Test
  void aGrantIsFoundByTheRoleTheAccountAndTheMeshThatItIsTo() {
    register();
    AccessGrants access = new AccessGrants(owners.get(0));
    access.grant(ORDERS).to(Principal.of("a", "r1"), Principal.of("a", "r2")).because("b").commit();
    access.grant(ORDERS).to(Principal.of("a", "r3")).withGrantOption().because("b").commit();
    access.grant(ORDERS).toAccounts("a", "c").withGrantOption().because("b").commit();
    access.grant(ORDERS).toMesh().because("b").commit();
    GrantsByGrantee all = new GrantsByGrantee(owners.get(0).rights().grants(ORDERS));
    Grantee role = Grantee.of(Principal.of("a", "r1"));

    assertThat(names(all.applyingTo(role))).containsExactlyInAnyOrder("a", "a/r1", "mesh");
    assertThat(names(all.concerning(Set.of(role))))
        .containsExactlyInAnyOrder("a", "a/r1", "a/r3", "mesh");
    assertThat(names(at(all, all.ofAccount("a"))))
        .containsExactlyInAnyOrder("a", "a/r1", "a/r2", "a/r3", "mesh");
    assertThat(names(at(all, all.dependingOn(Set.of(Grantee.account("a"))))))
        .containsExactlyInAnyOrder("a", "a/r1", "a/r2", "a/r3", "mesh");
    assertThat(names(all.applyingTo(Grantee.of(Principal.of("d", "r1"))))).containsExactly("mesh");
  }

  private static List<StoredGrant> at(GrantsByGrantee grants, Set<Integer> positions) {
    return positions.stream().map(grants.all()::get).toList();
  }

  private static List<String> names(List<StoredGrant> grants) {
    return grants.stream()
        .map(StoredGrant::to)
        .map(
            to ->
                switch (to.kind()) {
                  case ORGANIZATION -> "mesh";
                  case PRINCIPAL -> AccessFormatter.grantee(to);
                  default -> to.account().orElseThrow();
                })
        .toList();
  }
}
