package io.meshwork;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.access.AccessClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.GrantOperation;
import io.meshwork.access.TagSelection;
import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.change.AmendContract;
import io.meshwork.change.DefineProduct;
import io.meshwork.change.RegisterDomain;
import io.meshwork.consume.Read;
import io.meshwork.consume.Read.WaitingRows;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.discovery.AvoidedCopies;
import io.meshwork.discovery.ContractHistory;
import io.meshwork.discovery.DomainCard;
import io.meshwork.discovery.Lineage;
import io.meshwork.discovery.Lineage.Fault;
import io.meshwork.discovery.Lineage.Impact;
import io.meshwork.discovery.MeshHealth;
import io.meshwork.discovery.MeshOverview;
import io.meshwork.discovery.Search;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.governance.GovernanceClient;
import io.meshwork.internal.audit.MeshGovernance;
import io.meshwork.internal.card.ProductDescriptions;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.change.ChangeOperations;
import io.meshwork.internal.consume.ConsumerOperations;
import io.meshwork.internal.discovery.DiscoveryOperations;
import io.meshwork.internal.erasure.ErasureOperations;
import io.meshwork.internal.grants.AccessGrants;
import io.meshwork.internal.grants.AccessRequests;
import io.meshwork.internal.links.CatalogLinks;
import io.meshwork.internal.onboarding.OnboardOperations;
import io.meshwork.internal.publish.ProductPublish;
import io.meshwork.internal.publish.PublishOperations;
import io.meshwork.internal.rollout.consumers.SubscriptionTracks;
import io.meshwork.internal.rollout.start.RolloutOperations;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.suggestions.SuggestionOperations;
import io.meshwork.link.LinkResource;
import io.meshwork.link.ResourceLink;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Feed;
import io.meshwork.publish.Onboard;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishHistory;
import io.meshwork.publish.RollBack;
import io.meshwork.publish.StagedPublish;
import io.meshwork.request.RequestClient;
import io.meshwork.request.SuggestionClient;
import io.meshwork.rollout.AmendTerms;
import io.meshwork.rollout.EndProduct;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.StartRollout;
import io.meshwork.rollout.TermsAmendment;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;

/**
 * The operations of one principal on a mesh. A method that changes something returns an operation:
 * nothing happens before its {@code commit()}. All other methods answer immediately. Thread-safe;
 * nothing to close.
 */
public final class MeshClient {
  private final ClientSession session;

  MeshClient(ClientSession session) {
    this.session = session;
  }

  /** Returns the principal that this client acts as. */
  public Principal principal() {
    return session.principal();
  }

  /** Registers a domain, or changes one that exists. */
  @CheckReturnValue
  public RegisterDomain registerDomain(String name) {
    return ChangeOperations.registerDomain(session, name);
  }

  /** Defines a product, such as {@code commerce/orders}, of a domain that the caller acts for. */
  @CheckReturnValue
  public DefineProduct defineProduct(CharSequence product) {
    return ChangeOperations.defineProduct(session, product);
  }

  /**
   * Changes the contract of a product in a compatible way. Set the new contract, review {@code
   * plan()}, then {@code commit()}. Only for principals that act for the owner.
   */
  @CheckReturnValue
  public AmendContract amendContract(CharSequence product) {
    return ChangeOperations.amendContract(session, product);
  }

  /** Changes the contract of a product to another one. See {@link #amendContract(CharSequence)}. */
  @CheckReturnValue
  public AmendContract amendContract(CharSequence product, Contract contract) {
    return ChangeOperations.amendContract(session, product).contract(contract);
  }

  /**
   * Starts the rollout of a contract that breaks consumers: the next major version, in addition to
   * the current one. Review {@code plan()}, then {@code commit()}. Only for principals that act for
   * the owner.
   */
  @CheckReturnValue
  public StartRollout startRollout(CharSequence product) {
    return RolloutOperations.startRollout(session, product);
  }

  /**
   * Returns the rollout of a new major version that has not ended, the newest; if all have ended,
   * the last one.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist or has no such
   *     rollout
   */
  public MajorRollout rollout(CharSequence product) {
    return RolloutOperations.rollout(session, product);
  }

  /**
   * Starts the end of a product, with notice to its consumers. Review {@code plan()}, then {@code
   * commit()}. Only for principals that act for the owner.
   */
  @CheckReturnValue
  public EndProduct endProduct(CharSequence product) {
    return RolloutOperations.endProduct(session, product);
  }

  /**
   * Returns the end of a product; the last one, if others were aborted.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist, or no end of it was
   *     started
   */
  public ProductEnd productEnd(CharSequence product) {
    return RolloutOperations.productEnd(session, product);
  }

  /**
   * Starts an amendment that weakens promises of a contract, with notice to its consumers. Review
   * {@code plan()}, then {@code commit()}. Only for principals that act for the owner.
   */
  @CheckReturnValue
  public AmendTerms amendTerms(CharSequence product) {
    return RolloutOperations.amendTerms(session, product);
  }

  /**
   * Returns the amendment that weakens promises and has not ended; if all have ended, the last one.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist or has no such
   *     amendment
   */
  public TermsAmendment termsAmendment(CharSequence product) {
    return RolloutOperations.termsAmendment(session, product);
  }

  /**
   * Lists the rollouts, ends, and announced amendments of the products that the caller's domain
   * owns, subscribes to, or reads, also the ended ones, by product and number.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  public List<Rollout<?>> rollouts() {
    return RolloutOperations.rollouts(session);
  }

  /**
   * Lists the rollouts of one product, by number.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  public List<Rollout<?>> rollouts(CharSequence product) {
    return RolloutOperations.rollouts(session, product);
  }

  /**
   * Publishes rows to a product as one snapshot: all rows or none become visible. Only for
   * principals that act for the owner.
   */
  @CheckReturnValue
  public Publish<GenericRecord> publish(CharSequence product) {
    return ProductPublish.to(session, product);
  }

  /**
   * Lists the staged publishes of a product, oldest first, to inspect, promote, or discard them.
   * Only for principals that act for the owner.
   */
  public List<StagedPublish> stagedPublishes(CharSequence product) {
    return PublishOperations.staged(session, product);
  }

  /**
   * Publishes the rows of an endless source, such as one partition of a Kafka topic, in
   * transactions, each row exactly once by its sequence. Only for principals that act for the
   * owner.
   *
   * @param product the product
   * @param name the name of the source within the product, such as {@code clicks-0}: 1 to 128
   *     letters, digits, dots, hyphens, and underscores
   * @param <R> the type of the rows: Java records, Avro records, or maps
   */
  @CheckReturnValue
  public <R> Feed.Open<R> feed(CharSequence product, String name) {
    return PublishOperations.feed(session, product, name);
  }

  /**
   * Registers Parquet files of other programs as rows of a product where they are, without a copy,
   * and defines the product if it does not exist. Review {@code plan()}, then {@code commit()}.
   * Only for principals that act for the owner.
   */
  @CheckReturnValue
  public Onboard onboard(CharSequence product) {
    return OnboardOperations.onboard(
        session,
        product,
        (contract, partitions) ->
            defineProduct(product)
                .contract(contract)
                .partitionBy(partitions.toArray(new Partition[0]))
                .commit());
  }

  /**
   * Restores the rows of an earlier snapshot, as a new snapshot. Only for principals that act for
   * the owner.
   */
  @CheckReturnValue
  public RollBack rollBack(CharSequence product) {
    return PublishOperations.rollBack(session, product);
  }

  /**
   * Erases rows of a product, such as a person's, from all major versions, quarantines, and staged
   * publishes; with {@code withProof()} also from all files, with a proof. Only for principals that
   * act for the owner.
   */
  @CheckReturnValue
  public Erase erase(CharSequence product) {
    return ErasureOperations.erase(session, product);
  }

  /**
   * Returns the history of what was published to a product: changes of rows, quality, receipts. Its
   * methods check the caller's rights.
   */
  public PublishHistory publishHistory(CharSequence product) {
    return PublishOperations.history(session, product);
  }

  /**
   * Returns the log entries of a product, a domain, or the mesh ({@code _mesh}), oldest first, or
   * of what executors of an account grant for a domain ({@code domain/@by/account}). Only for
   * principals that act for the domain; the log of the mesh is available to everyone.
   */
  public MeshEvent.Query events(CharSequence productOrDomain) {
    return ConsumerOperations.events(session, productOrDomain);
  }

  /**
   * Reads the quarantined rows of one major version of a product, the current one unless {@code
   * majorVersion(..)} names another, each with its rule, reason, and publish. Only for principals
   * that act for the owner.
   */
  public Read<GenericRecord> quarantine(CharSequence product) {
    return ConsumerOperations.quarantine(session, product);
  }

  /**
   * Returns a question for the rows that wait in the quarantines of all major versions of a
   * product, each once, with its versions. Only for principals that act for the owner.
   */
  public WaitingRows waitingRows(CharSequence product) {
    return ConsumerOperations.waitingRows(session, product);
  }

  /**
   * Subscribes the caller's domain to a product. A subscription has a name and a purpose, and
   * stores the position up to which rows were acknowledged.
   */
  @CheckReturnValue
  public Subscribe<GenericRecord> subscribe(CharSequence product) {
    return ConsumerOperations.subscribe(session, product);
  }

  /**
   * Lists the subscriptions of the caller's domain, of all its roles, by product and name, with
   * position, last use, state, and date in an open rollout.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  public List<Subscription.Summary> subscriptions() {
    return ConsumerOperations.subscriptions(session, SubscriptionTracks::of);
  }

  /**
   * Lists the subscriptions to a product, or to all products of a domain. Principals that act for
   * the owner see all of them, without filters and positions; others see their own domain's.
   *
   * @throws io.meshwork.error.NotFoundException if the domain or product does not exist
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  public List<Subscription.Summary> subscriptions(CharSequence productOrDomain) {
    return ConsumerOperations.subscriptions(session, SubscriptionTracks::of, productOrDomain);
  }

  /**
   * Lists who consumes a product, by major version: subscriptions, domains that read without one,
   * products that are derived from it, and products whose rules refer to it, each with what it
   * reads and through which grants and links, and domains that only have a link to it. Principals
   * that act for the owner see all of them. Others see their own domain's and, of a product that is
   * at most INTERNAL, which domains use it; so do accounts that act for no domain. Reads the logs
   * of the last 90 days of the products that may be derived from it.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   * @throws io.meshwork.error.BackendException if a catalog cannot be read
   */
  public List<ProductConsumer> consumers(CharSequence product) {
    return DiscoveryOperations.consumers(session, product);
  }

  /**
   * Ends a subscription to a product. If it has ended already, nothing changes, the commit returns
   * empty, and the plan names the nearest. The plan also says whether a rollout waits for the
   * subscription. The reason is for the log and for the subscription's contact, and is required if
   * the subscription is another domain's.
   *
   * <p>The plan and the commit fail with {@code ACCESS_DENIED} if the subscription is another
   * domain's and the caller does not act for the product's owner, with {@code STATE_CONFLICT} if it
   * is another domain's and {@code ACTIVE}, and with {@code NOT_FOUND} if the product does not
   * exist, or the domain never had a subscription of this name to it.
   *
   * @param product the product
   * @param subscription the name of a subscription of the caller's domain, created by any of its
   *     roles; or, for principals that act for the product's owner, {@code domain/name} of a
   *     subscription of another domain that is {@code DORMANT} or {@code WITHOUT_ACCESS}
   */
  @CheckReturnValue
  public PlannedOperation.WithReason<Optional<Subscription.Summary>> unsubscribe(
      CharSequence product, String subscription) {
    return ConsumerOperations.unsubscribe(session, SubscriptionTracks::of, product, subscription);
  }

  /**
   * Reads a product without a subscription. The contact of the reader's domain is notified of
   * rollouts and suspensions, and of no other changes.
   */
  public Read.OfProduct<GenericRecord> read(CharSequence product) {
    return ConsumerOperations.read(session, product);
  }

  /**
   * Describes a product: owner, contract, versions, tags, quality, health, its end, announced
   * rollouts, and the caller's request. Available to everyone; only principals that may read all
   * rows see the number of rows.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist; it suggests the most
   *     similar name
   */
  public ProductCard describe(CharSequence product) {
    ResolvedProduct target =
        ResolvedProduct.forConsumer(session, product, MeshAction.of(Verb.DESCRIBE));
    MeshAction action = MeshAction.of(Verb.DESCRIBE, target.product());
    session.checkOpen(action);
    ProductEntry entry = session.catalog().requireProduct(target.product(), action);
    ProductCard card =
        ProductDescriptions.withoutQuality(
            session, entry, target.major().orElse(entry.currentMajor()));
    return DiscoveryOperations.withDetails(
        session, RolloutOperations.withRollouts(session, card), target);
  }

  /**
   * Searches the products of the mesh by words: the beginnings of words of names, tags, columns,
   * and descriptions. Set conditions, then {@code results()}.
   *
   * @param text the words; empty for all products
   */
  public Search search(String text) {
    return DiscoveryOperations.search(session, text);
  }

  /**
   * Describes a domain: owner, products with their health, and how mature it is. Available to
   * everyone.
   *
   * @throws io.meshwork.error.NotFoundException if the domain does not exist; it suggests the most
   *     similar name
   */
  public DomainCard describeDomain(String domain) {
    return DiscoveryOperations.describeDomain(session, domain);
  }

  /**
   * Returns the health of a product's current major version, or of a link's: whether it is late,
   * broke a rule, or was never published. Available to everyone; the quality is visible only to
   * principals that may read all rows.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  public Health health(CharSequence product) {
    return DiscoveryOperations.health(session, product);
  }

  /**
   * Returns the health of all products, worst first. Quality counts for products that the caller's
   * domain owns or that are open to the mesh with all columns; {@link #health(CharSequence)} also
   * considers grants.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read; the catalogs of a
   *     federated mesh that cannot be read are named in the result
   */
  public MeshHealth health() {
    return DiscoveryOperations.health(session);
  }

  /**
   * Returns the contract versions of a product that the caller sees, newest first, each with its
   * time, its verdict, and what changed.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  public ContractHistory contractHistory(CharSequence product) {
    return DiscoveryOperations.contractHistory(session, product);
  }

  /**
   * Lists the uses of products by a domain: its subscriptions, its reads without one, and its links
   * to products that it does not use yet, which only the two ends see. Principals that act for the
   * domain or for the owner of a product see all about them; others see only which products at most
   * INTERNAL the domain uses.
   *
   * @throws io.meshwork.error.NotFoundException if the domain does not exist
   * @throws io.meshwork.error.BackendException if a catalog cannot be read
   */
  public List<ProductConsumer> uses(String domain) {
    return DiscoveryOperations.uses(session, domain);
  }

  /**
   * Asks for the products that a product derives from and that derive from it, as their publishes
   * state it, such as {@code lineage("finance/revenue").upstream(3).graph()}. Derivations between
   * products at most INTERNAL are visible to everyone, others only to principals that act for the
   * owner of one of both.
   */
  public Lineage.Query lineage(CharSequence product) {
    return DiscoveryOperations.lineage(session, product);
  }

  /**
   * Returns who must know when columns of a product change: products that derive from them, over
   * any number of steps, and who reads them. As visible as {@link #lineage} and {@link #uses}.
   *
   * @param columns the columns that change; none for all
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   * @throws io.meshwork.error.InvalidRequestException if it has no such column
   */
  public Impact impactOf(CharSequence product, String... columns) {
    return DiscoveryOperations.impactOf(session, product, List.of(columns));
  }

  /**
   * Returns where the trouble of a product comes from: the nearest products upstream that are late
   * or in violation. As visible as {@link #lineage} and {@link #health()}.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  public Fault faultOf(CharSequence product) {
    return DiscoveryOperations.faultOf(session, product);
  }

  /**
   * Returns how many bytes other domains did not copy in the last 30 days because they read the
   * products of the caller's domain in place; nothing for an account that acts for no domain.
   */
  public AvoidedCopies avoidedCopies() {
    return DiscoveryOperations.avoidedCopies(session);
  }

  /**
   * Reads the mesh once, to answer many questions about it: three lists for each domain, whatever
   * the number of products and of questions.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public MeshOverview overview() {
    return DiscoveryOperations.overview(session);
  }

  /** Lists the products of the mesh, by domain and name. */
  public List<ProductName> products() {
    session.checkOpen(MeshAction.of(Verb.LIST, "products"));
    return session.catalog().products().stream().map(entry -> entry.name()).toList();
  }

  /**
   * Grants access to a product, or to some of its columns and rows.
   *
   * @param product such as {@code commerce/orders}
   */
  @CheckReturnValue
  public GrantOperation.ByName grant(CharSequence product) {
    return new AccessGrants(session).grant(product);
  }

  /**
   * Grants access to all products of a domain, including later ones. As by tags, two grants are
   * created for each grantee. The plan shows a narrower alternative.
   *
   * @param domain such as {@code commerce}
   */
  @CheckReturnValue
  public GrantOperation<?> grantDomain(String domain) {
    return new AccessGrants(session).grantDomain(domain);
  }

  /**
   * Grants access to all products and columns with matching tags, also if they are tagged later.
   * The tag {@code domain} names the domain; without it, the caller's own domain is used. As in
   * Lake Formation, two grants are created for each grantee: DESCRIBE on the database of the
   * domain, and the permissions on its tables. The plan lists what is not included because it lacks
   * a tag.
   *
   * @param where see {@code TagSelection.where}
   */
  @CheckReturnValue
  public GrantOperation<?> grantByTags(TagSelection where) {
    return new AccessGrants(session).grantByTags(where);
  }

  /**
   * Revokes grants that the caller's domain created, or that its account passed on. Grants that
   * another account passed on from them give no access from then on, and stay listed there. The
   * commit returns the grants that existed.
   *
   * @param ids as {@code access().grants()} lists them; for a document of an executor without
   *     effect, the {@code where} of its finding {@code NO_AUTHORIZATION}
   * @throws io.meshwork.error.InvalidRequestException if none is given, or one is neither
   */
  @CheckReturnValue
  public AccessClient.Revoke<List<GrantSummary>> revoke(String... ids) {
    return new AccessGrants(session).revoke(ids);
  }

  /**
   * Links a product into the catalog of the caller's domain. Every operation of a consumer accepts
   * the name of the link, {@code database.table}, in place of the product's.
   *
   * @param product such as {@code commerce/orders}
   */
  @CheckReturnValue
  public LinkResource linkResource(CharSequence product) {
    return CatalogLinks.link(session, product);
  }

  /**
   * Links a whole domain into the catalog of the caller's domain: a database that always has the
   * current products of the domain, in their current major versions. Other than that as {@link
   * #linkResource}.
   *
   * @param domain such as {@code commerce}
   * @param database the name of the database to create; matches {@code [a-z0-9_]{1,255}}
   * @throws io.meshwork.error.InvalidRequestException if a name is not legal
   */
  @CheckReturnValue
  public PlannedOperation<Plan<ResourceLink>, ResourceLink> linkDomain(
      String domain, String database) {
    return CatalogLinks.linkDomain(session, domain, database);
  }

  /**
   * Removes a link. The product or domain that it points to, grants, and subscriptions do not
   * change. If there is no such link, the plan has a finding that names the nearest one, and the
   * commit returns empty. The operation is for one thread and is committed once.
   *
   * @param link the name, as {@code database.table} or as the database of a whole domain
   * @return an operation that returns the link that was removed; empty if there was none. Its plan
   *     and its commit throw {@link io.meshwork.error.InvalidRequestException} if the account acts
   *     for no domain, or the name is a product within the link of a whole domain
   * @throws io.meshwork.error.InvalidRequestException if the name is not a legal link name
   */
  @CheckReturnValue
  public PlannedOperation<Plan<Optional<ResourceLink>>, Optional<ResourceLink>> unlinkResource(
      CharSequence link) {
    return CatalogLinks.unlink(session, link);
  }

  /**
   * Lists the links in the catalog of the caller's domain by name, each with what is missing to
   * read through it. The link of a whole domain is followed by the domain's products.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  public List<ResourceLink> links() {
    return CatalogLinks.list(session);
  }

  /** Tags, authorizations, and who may read what; lists grants. */
  public AccessClient access() {
    return new AccessGrants(session);
  }

  /** Sends, decides, and lists requests for access. */
  public RequestClient requests() {
    return new AccessRequests(session);
  }

  /** Sends, answers, and lists suggestions. */
  public SuggestionClient suggestions() {
    return new SuggestionOperations(session);
  }

  /** Tag definitions, topology, audit, access reviews, and the stewards of the mesh. */
  public GovernanceClient governance() {
    return new MeshGovernance(session);
  }
}
