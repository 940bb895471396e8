package io.meshwork.walk;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.RecordingNotifier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/** A mesh with some secrets of its owner and of other domains. For one thread. */
final class World implements AutoCloseable {
  /** Acts for no domain. */
  static final Principal OUTSIDER = Principal.of("ghost", "job");

  /** Acts for a domain without grants. */
  static final Principal MEMBER = Principal.of("other", "job");

  /** May read some columns. */
  static final Principal COLUMNS = Principal.of("fin", "job");

  /** May read some columns of some rows. */
  static final Principal ROWS = Principal.of("fil", "job");

  /** Passes grants on within its account. */
  static final Principal RECIPIENT = Principal.of("rec", "admin");

  /** Grants for the owner, within an authorization. */
  static final Principal EXECUTOR = Principal.of("exe", "job");

  /** Those who must not know the secrets. */
  static final List<Principal> STRANGERS =
      List.of(OUTSIDER, MEMBER, COLUMNS, ROWS, RECIPIENT, EXECUTOR);

  private static final Principal STEWARD = Principal.of("plat", "steward");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration AGE_WHEN_ASKED = Duration.ofDays(151);

  private final ManualClock clock;
  private final RecordingNotifier notices = new RecordingNotifier();
  private final Principal principal;
  private final Mesh mesh;
  private final KnownObjects objects = new KnownObjects();
  private final Attempts attempts;

  private World(
      Mesh.Builder opened, Instant start, Set<Secret> other, long seed, Principal principal) {
    this.principal = principal;
    clock = ManualClock.at(start);
    mesh =
        opened
            .clock(clock)
            .notifier("walk", notices)
            .testing()
            .sleeper(clock::advance)
            .testing()
            .idSeed(seed)
            .open();
    SecretValues secrets = new SecretValues(other, seed);
    LostRights lost = new LostRights(mesh, secrets, objects, principal);
    attempts = new Attempts(mesh);
    register();
    ShopProducts shop = new ShopProducts(mesh, clock, secrets, objects);
    shop.define();
    lost.move();
    shop.grant();
    Subscription<?> lostColumn = lost.classify();
    attempts.govern();
    attempts.reveal();
    attempts.seek(lostColumn);
    if (!principal.equals(OUTSIDER)) {
      new OwnProducts(mesh, principal, objects).define(!shop.isWithoutRollouts());
    }
    shop.fill();
    lost.consume();
    clock.advance(Duration.between(clock.instant(), start.plus(AGE_WHEN_ASKED)));
    shop.suspend();
    if (!shop.isWithoutRollouts()) { // numbers of later entries show that one is hidden
      attempts.approve(STEWARD, ShopProducts.CLOSED);
    }
    mesh.deliverNotices();
    objects.addObjects(mesh.clientAs(principal));
  }

  /**
   * Opens a mesh in memory.
   *
   * @param other the secrets that are other ones in this world
   * @param principal the principal that is to be asked
   */
  static World inMemory(Set<Secret> other, long seed, Principal principal) {
    return new World(InMemoryMesh.builder(), START, other, seed, principal);
  }

  /** Opens a mesh in a folder, whose clock is now at the time of this machine. */
  static World in(Path folder, Set<Secret> other, long seed, Principal principal) {
    Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(AGE_WHEN_ASKED);
    return new World(LocalMesh.builder(folder), start, other, seed, principal);
  }

  private void register() {
    MeshClient steward = mesh.clientAs(STEWARD);
    steward.registerDomain(STEWARD.account()).owner("p@x").commit();
    for (Principal each : STRANGERS) {
      if (!each.equals(OUTSIDER) && !each.equals(MEMBER)) {
        mesh.clientAs(each).registerDomain(each.account()).owner(each.account() + "@x").commit();
      }
    }
    mesh.clientAs(ShopProducts.OWNER)
        .registerDomain("shop")
        .accounts("shop", "shop-b")
        .owner("shop@x")
        .commit();
    mesh.clientAs(ShopProducts.RIVAL).registerDomain("rival").owner("rival@x").commit();
    attempts.beforeTheFirstSteward(STEWARD);
    steward.governance().appoint(STEWARD).commit();
  }

  /** Returns what the principal that is asked can name. */
  KnownObjects known() {
    return objects;
  }

  /**
   * Asks all doors, and adds the notices that the contacts of the principal got.
   *
   * @param folder empty; gets what exports write
   */
  void ask(DoorWalk walk, Path folder) {
    new ExportDoors(walk, mesh.clientAs(principal), folder).ask(); // before others change the mesh
    walk.walk(mesh.clientAs(principal));
    objects.subscriptions().forEach(walk::walk);
    String mailbox = principal.account() + "@x";
    notices.all().stream()
        .filter(notice -> notice.to().equals(mailbox) || isOwn(notice.to()))
        .forEach(notice -> walk.add("notice", notice.subject() + notice.text() + notice.facts()));
    attempts.accepted().forEach(what -> walk.addFault("it is accepted that " + what));
  }

  private boolean isOwn(String contact) {
    return principal.equals(COLUMNS) && contact.equals("own@x");
  }

  @Override
  public void close() {
    mesh.close();
  }
}
