package io.meshwork;

import io.meshwork.access.AccessClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.GrantByName;
import io.meshwork.access.GrantByTags;
import io.meshwork.access.TagSelection;
import io.meshwork.card.ProductCard;
import io.meshwork.change.AmendContract;
import io.meshwork.change.DefineProduct;
import io.meshwork.change.RegisterDomain;
import io.meshwork.consume.Read;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.consume.Unsubscribe;
import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.Events;
import io.meshwork.governance.GovernanceClient;
import io.meshwork.internal.audit.MeshGovernance;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.change.ChangeOperations;
import io.meshwork.internal.consume.ConsumerOperations;
import io.meshwork.internal.explain.AccessCards;
import io.meshwork.internal.grants.AccessGrants;
import io.meshwork.internal.links.CatalogLinks;
import io.meshwork.internal.publish.PublishOperations;
import io.meshwork.internal.requests.RequestQueue;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ProductDescriptions;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.link.LinkClient;
import io.meshwork.link.LinkResource;
import io.meshwork.operation.Operation.CheckReturnValue;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.DomainQuality;
import io.meshwork.publish.HistoryEntry;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.QualityEntry;
import io.meshwork.publish.RollBack;
import io.meshwork.request.RequestAccess;
import io.meshwork.request.RequestClient;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;

/**
 * A principal acting on a mesh: the verbs. A verb of change returns an operation to {@code
 * commit()}; a question answers at once. Thread-safe; holds nothing to close.
 */
public final class MeshClient {
  private final ClientSession session;

  MeshClient(ClientSession session) {
    this.session = session;
  }

  /** Who acts. */
  public Principal principal() {
    return session.principal();
  }

  /** Registers a domain, or amends it. */
  @CheckReturnValue
  public RegisterDomain registerDomain(String name) {
    return ChangeOperations.registerDomain(session, name);
  }

  /** Defines a product of a domain that the caller acts for, written {@code domain/product}. */
  @CheckReturnValue
  public DefineProduct defineProduct(CharSequence product) {
    return ChangeOperations.defineProduct(session, product);
  }

  /**
   * Changes the contract of a product of a domain that the caller acts for, as far as that breaks
   * nobody; say the contract, look at {@code plan()}, and {@code commit()}.
   */
  @CheckReturnValue
  public AmendContract amendContract(CharSequence product) {
    return ChangeOperations.amendContract(session, product);
  }

  /** The same with the whole new contract. */
  @CheckReturnValue
  public AmendContract amendContract(CharSequence product, Contract contract) {
    return ChangeOperations.amendContract(session, product).contract(contract);
  }

  /** Adds one snapshot to a product of a domain that the caller acts for. */
  @CheckReturnValue
  public Publish<GenericRecord> publish(CharSequence product) {
    return PublishOperations.publish(session, product);
  }

  /**
   * The receipt of the publish under a key; empty if nothing was committed under it so far. After
   * an unknown outcome run the publish again with the same key: that settles it.
   */
  public Optional<PublishReceipt> findReceipt(CharSequence product, String idempotencyKey) {
    return PublishOperations.findReceipt(session, product, idempotencyKey);
  }

  /** The receipts of a product that the caller acts for, oldest first. */
  public List<PublishReceipt> receipts(CharSequence product) {
    return PublishOperations.receipts(session, product);
  }

  /**
   * Brings the rows of an earlier snapshot back, as a publish of its own; for those who act for the
   * owner.
   */
  @CheckReturnValue
  public RollBack rollBack(CharSequence product) {
    return PublishOperations.rollBack(session, product);
  }

  /**
   * What happened to a product's rows: who did what, when, and how good the rows were; newest
   * first. Publishes and rollbacks that changed no row are left out, engines' commits are in. For
   * those who may read all of the product, and of majors that they may read all of; filters and
   * reasons are shown to its owner alone.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read it
   */
  public List<HistoryEntry> history(CharSequence product) {
    return PublishOperations.history(session, product);
  }

  /**
   * How good the rows of the last accepted publishes were, with what was measured; newest first,
   * all majors together. Of each major the last 100 are kept, fewer where contracts have so many
   * rules that their measures take more than 128 KiB. For those who may read all of the product;
   * majors of which they may not are left out.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read it
   */
  public List<QualityEntry> qualityHistory(CharSequence product) {
    return PublishOperations.qualityHistory(session, product);
  }

  /**
   * How good a domain's data are: of the latest accepted publish of each live major of its products
   * the share of rules that held. Everybody may ask; majors of which the caller may not read all
   * columns and rows are left out.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such domain
   */
  public DomainQuality domainQuality(String domain) {
    return PublishOperations.domainQuality(session, domain);
  }

  /**
   * What happened to a product, written {@code domain/product}, to a domain, or to the mesh as a
   * whole, written {@code _mesh}: everything that the log says, oldest first. For those who act for
   * the domain; the mesh's own log is for everybody.
   */
  public Events events(CharSequence productOrDomain) {
    return ConsumerOperations.events(session, productOrDomain);
  }

  /** Rows set aside, with rule, reason and publish; for the producing domain only. */
  public Read<GenericRecord> quarantine(CharSequence product) {
    return ConsumerOperations.quarantine(session, product);
  }

  /** Subscribes to a product: a durable, named relation with a purpose. */
  @CheckReturnValue
  public Subscribe<GenericRecord> subscribe(CharSequence product) {
    return ConsumerOperations.subscribe(session, product);
  }

  /**
   * The subscriptions of the caller's domain, of all its roles, by product and name: what each
   * says, where it stands, when it was last used, and whether it is {@code DORMANT} or {@code
   * WITHOUT_ACCESS}.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  public List<Subscription.Card> subscriptions() {
    return ConsumerOperations.subscriptions(session);
  }

  /**
   * The subscriptions to a product, written {@code domain/product}, or to all products of a domain:
   * all of them to those who act for the owner, without filters and positions, and to others those
   * of their own domain.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such domain or product
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  public List<Subscription.Card> subscriptions(CharSequence productOrDomain) {
    return ConsumerOperations.subscriptions(session, productOrDomain);
  }

  /**
   * Ends a subscription to a product: one of the caller's domain, by its name, whichever role made
   * it; or, for those who act for the product's owner, one of another domain that is {@code
   * DORMANT} or {@code WITHOUT_ACCESS}, written {@code domain/name}. Said again it does nothing
   * more.
   */
  @CheckReturnValue
  public Unsubscribe unsubscribe(CharSequence product, String subscription) {
    return ConsumerOperations.unsubscribe(session, product, subscription);
  }

  /** A look without a subscription; no notice of a change will reach the reader. */
  public Read<GenericRecord> read(CharSequence product) {
    return ConsumerOperations.read(session, product);
  }

  /**
   * What a person asks about a product. Everybody may ask; how many rows it has is told to those
   * who may read all of them.
   *
   * @throws io.meshwork.error.NotFoundException if there is none, naming the nearest
   */
  public ProductCard describe(CharSequence product) {
    ResolvedProduct target =
        ResolvedProduct.forConsumer(session, product, MeshAction.of(Verb.DESCRIBE));
    MeshAction action = MeshAction.of(Verb.DESCRIBE, target.product());
    session.checkOpen(action);
    ProductEntry entry = session.catalog().requireProduct(target.product(), action);
    return ProductDescriptions.of(session, entry, target.major().orElse(entry.currentMajor()));
  }

  /** The products of the mesh, by domain and name. */
  public List<ProductName> products() {
    session.checkOpen(MeshAction.of(Verb.LIST, "products"));
    return session.catalog().products().stream().map(entry -> entry.name()).toList();
  }

  /**
   * Grants access to a product, or to some of its columns and rows.
   *
   * @param productOrDomain such as {@code commerce/orders}. A domain, such as {@code commerce},
   *     grants all of its products; the plan then shows a narrower alternative
   */
  @CheckReturnValue
  public GrantByName grant(CharSequence productOrDomain) {
    return new AccessGrants(session).grant(productOrDomain);
  }

  /** Grants access to all that carries some tags, now and later; see {@code TagSelection.where}. */
  @CheckReturnValue
  public GrantByTags grantByTags(TagSelection where) {
    return new AccessGrants(session).grantByTags(where);
  }

  /**
   * Explains whether a principal may read a product, and why or why not. Everybody may ask about
   * themselves, and the product's owner about anybody.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller asks about somebody else and does
   *     not act for the product's domain
   * @throws io.meshwork.error.NotFoundException if there is no such product
   */
  public ExplainedAccess explainAccess(Principal principal, CharSequence product) {
    return AccessCards.explain(session, principal, product);
  }

  /**
   * Links a product, written {@code domain/product}, or a whole domain into the catalog of the
   * caller's domain. Every call of a consumer accepts the link's name, {@code database.table}, in
   * place of the product's.
   */
  @CheckReturnValue
  public LinkResource linkResource(CharSequence productOrDomain) {
    return new CatalogLinks(session).linkResource(productOrDomain);
  }

  /**
   * Requests access to a product from its owner. Called again while the request is open, it amends
   * that request, or changes nothing if the terms are the same.
   */
  @CheckReturnValue
  public RequestAccess requestAccess(CharSequence product) {
    return RequestQueue.request(session, product);
  }

  /** Grants, tags, and authorizations: what the caller's domain lists, revokes, and reviews. */
  public AccessClient access() {
    return new AccessGrants(session);
  }

  /** Requests for access: those to decide, and those of the caller's domain. */
  public RequestClient requests() {
    return new ClientRequests(session);
  }

  /** The links in the catalog of the caller's domain. */
  public LinkClient links() {
    return new CatalogLinks(session);
  }

  /** Tag definitions, topology, audit, and access reviews, for data stewards. */
  public GovernanceClient governance() {
    return new MeshGovernance(session);
  }
}
