package io.meshwork.internal.rollout.start;

import io.meshwork.card.ProductCard;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutEntry.Kind;
import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.rollout.backfill.MajorRolloutView;
import io.meshwork.internal.rollout.retirement.ProductEndView;
import io.meshwork.internal.rollout.retirement.TermsAmendmentView;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.AmendTerms;
import io.meshwork.rollout.EndProduct;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.StartRollout;
import io.meshwork.rollout.TermsAmendment;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Creates the operations that start rollouts, for a session, and finds the rollouts that it sees.
 * Stateless.
 */
public final class RolloutOperations {
  private RolloutOperations() {}

  /** Starts the rollout of a new major version. */
  public static StartRollout startRollout(ClientSession session, @Nullable CharSequence product) {
    return new RolloutStart(session, started(session, product));
  }

  /** Starts the end of a product. */
  public static EndProduct endProduct(ClientSession session, @Nullable CharSequence product) {
    return new EndStart(
        session, ResolvedProduct.forProducer(session, product, MeshAction.of(Verb.END)));
  }

  /** Starts an amendment that weakens promises. */
  public static AmendTerms amendTerms(ClientSession session, @Nullable CharSequence product) {
    return new TermsStart(session, started(session, product));
  }

  private static ProductName started(ClientSession session, @Nullable CharSequence product) {
    return ResolvedProduct.forProducer(session, product, MeshAction.of(Verb.ROLL_OUT));
  }

  /**
   * The rollout of a new major version that has not ended, the newest, or else the last one, of all
   * that the caller sees.
   *
   * @throws io.meshwork.error.NotFoundException if there is none
   */
  public static MajorRollout rollout(ClientSession session, @Nullable CharSequence product) {
    return new MajorRolloutView(
        session, newest(session, product, Kind.NEW_MAJOR_VERSION, "the rollout of"));
  }

  /**
   * The end of a product that has not ended, or else the last one, of all that the caller sees.
   *
   * @throws io.meshwork.error.NotFoundException if there is none
   */
  public static ProductEnd productEnd(ClientSession session, @Nullable CharSequence product) {
    return new ProductEndView(session, newest(session, product, Kind.END, "the end of"));
  }

  /**
   * The announced amendment of a contract that has not ended, or else the last one, of all that the
   * caller sees.
   *
   * @throws io.meshwork.error.NotFoundException if there is none
   */
  public static TermsAmendment termsAmendment(
      ClientSession session, @Nullable CharSequence product) {
    return new TermsAmendmentView(
        session, newest(session, product, Kind.AMENDMENT, "the amendment of the terms of"));
  }

  private static RolloutEntry newest(
      ClientSession session, @Nullable CharSequence name, Kind kind, String what) {
    MeshAction show = MeshAction.of(Verb.SHOW, what);
    ProductName product = ResolvedProduct.forConsumer(session, name, show).product();
    MeshAction action = MeshAction.of(Verb.SHOW, what + " " + product);
    session.checkOpen(action);
    ProductEntry entry = session.catalog().requireProduct(product, action);
    List<RolloutEntry> all =
        StoredRollout.visible(session, entry.name()).stream().map(StoredRollout::entry).toList();
    return all.stream()
        .filter(each -> each.kind() == kind)
        .max(
            Comparator.comparing((RolloutEntry each) -> !each.state().isEnded())
                .thenComparing(RolloutEntry::number))
        .orElseThrow(() -> missing(session, product, kind, all, action));
  }

  /** Names what the product has in place of what it does not have. */
  private static NotFoundException missing(
      ClientSession session,
      ProductName product,
      Kind kind,
      List<RolloutEntry> others,
      MeshAction action) {
    boolean seesAll = session.catalog().seesAllRollouts(product);
    Failure failure =
        Failure.of(action).because(seesAll ? "it has none" : "it has none that you see");
    if (!others.isEmpty()) {
      return failure
          .fix(
              others.stream()
                  .map(each -> each.reader() + " is its rollout " + each.number())
                  .collect(Collectors.joining("; ", "", ".")))
          .notFound(ErrorCode.NOT_FOUND);
    }
    return failure
        .fix(
            seesAll
                ? "Start one with " + kind.starter(product) + "."
                : "Consumers see a rollout once it is announced or its version is open.")
        .notFound(ErrorCode.NOT_FOUND);
  }

  /** The rollouts of the products that the caller's domain owns, subscribes to, or reads. */
  public static List<Rollout<?>> rollouts(ClientSession session) {
    MeshAction action = MeshAction.of(Verb.LIST, "rollouts");
    session.checkOpen(action);
    String domain = session.authorizer().requireOwnDomain(action).domain();
    TreeSet<ProductName> products = new TreeSet<>(Comparator.comparing(ProductName::toString));
    session.catalog().products(domain).forEach(entry -> products.add(entry.name()));
    SubscriberList.ofConsumer(session, domain).forEach(entry -> products.add(entry.product()));
    products.addAll(SubscriberList.readBy(session, domain));
    return products.stream().flatMap(product -> visible(session, product)).toList();
  }

  /** The rollouts of a product that the caller sees, by number. */
  public static List<Rollout<?>> rollouts(ClientSession session, @Nullable CharSequence name) {
    MeshAction list = MeshAction.of(Verb.LIST, "the rollouts of");
    ProductName product = ResolvedProduct.forConsumer(session, name, list).product();
    MeshAction action = list.on(product);
    session.checkOpen(action);
    session.catalog().requireProduct(product, action);
    return visible(session, product).toList();
  }

  private static Stream<Rollout<?>> visible(ClientSession session, ProductName product) {
    return StoredRollout.visible(session, product).stream()
        .map(each -> view(session, each.entry()));
  }

  private static Rollout<?> view(ClientSession session, RolloutEntry entry) {
    return switch (entry.kind()) {
      case NEW_MAJOR_VERSION -> new MajorRolloutView(session, entry);
      case END -> new ProductEndView(session, entry);
      case AMENDMENT -> new TermsAmendmentView(session, entry);
    };
  }

  /**
   * The card of a product with its announced rollouts, without any that the caller does not see.
   */
  public static ProductCard withRollouts(ClientSession session, ProductCard card) {
    return new RolloutCard(session, card).withRollouts();
  }
}
