package io.meshwork.conformance;

import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessOperation;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.GrantByName;
import io.meshwork.card.ProductCard;
import io.meshwork.change.ContractPlan;
import io.meshwork.change.DefineProduct;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.Classification;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * Permissions of owners, administrators, and consumers, and the definitions of products and
 * domains.
 */
abstract class AccessSuite extends MeshFixture {
  private MeshClient defineClosedOrders() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    return shop;
  }

  private static void assertDenied(ThrowingCallable call, String... facts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> {
              assertThat(denied.whoCanGrant()).containsExactly("shop@example.org");
              assertThat(denied.missing()).isNotBlank();
            })
        .hasMessageContainingAll(facts)
        .hasMessageContaining("shop@example.org");
  }

  @Test
  void onlyTheOwnerReadsAProductThatIsNotOpen() {
    MeshClient shop = defineClosedOrders();
    MeshClient finance = registerFinance();

    assertThat(all(shop.read(ORDERS))).hasSize(3);
    assertDenied(() -> finance.read(ORDERS).read(), ORDERS, "finance/etl", "openToMesh()");
    assertDenied(
        () -> finance.subscribe(ORDERS).named("revenue").purpose("Revenue").commit(), ORDERS);
    assertDenied(() -> finance.read(ORDERS).files(), ORDERS);
    assertDenied(() -> finance.quarantine(ORDERS).read(), ORDERS);
    assertDenied(() -> finance.history(ORDERS).receipts(), ORDERS);
    assertDenied(() -> finance.history(ORDERS).findReceipt("run"), ORDERS);
  }

  @Test
  void everyPrincipalMayDescribeAProduct() {
    MeshClient shop = defineClosedOrders();

    ProductCard card = as("stranger").describe(ORDERS);

    assertThat(card.access()).isEqualTo(ProductCard.Access.DESCRIBE_ONLY);
    assertThat(card.owner()).isEqualTo("shop@example.org");
    assertThat(card.columns()).extracting(ProductCard.Column::name).contains("amount");
    assertThat(card.current().orElseThrow().rows()).isEmpty();
    assertThat(shop.describe(ORDERS).current().orElseThrow().rows()).hasValue(3);
    assertThat(shop.describe(ORDERS).access()).isEqualTo(ProductCard.Access.READ_ALL);
    assertThat(as("stranger").products()).containsExactly(ProductName.of(ORDERS));
  }

  @Test
  void openToMeshLetsEveryDomainReadButNotPublish() {
    defineOrders().publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();

    assertThat(all(finance.read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
    assertThat(finance.describe(ORDERS).access()).isEqualTo(ProductCard.Access.READ_ALL);
    State before = state();
    assertDenied(
        () -> finance.publish(ORDERS).records(Order.range(3, 4)).commit(),
        ORDERS,
        "finance/etl",
        "Nothing was done");
    assertNothingChanged(before);
  }

  @Test
  void aClosedProductMayBeOpenedLater() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    assertDenied(() -> finance.read(ORDERS).read(), ORDERS, "openToMesh()");

    ProductCard opened =
        shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();

    assertThat(opened.openToMesh()).isTrue();
    assertThat(all(finance.read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void thePlanShowsThatAnExistingProductIsOpened() {
    MeshClient shop = defineClosedOrders();
    Contract contract = Contract.of(Order.class);
    State before = state();

    ContractPlan same = shop.defineProduct(ORDERS).contract(contract).openToMesh().plan();
    ContractPlan amended =
        shop.defineProduct(ORDERS)
            .contract(contract.require(atLeast("amount", 0)))
            .openToMesh()
            .orAmend()
            .plan();

    assertNothingChanged(before);
    assertThat(same.isEmpty()).isFalse();
    assertThat(same).asString().contains("Open " + ORDERS + " 1.0.0 to the mesh");
    for (ContractPlan plan : List.of(same, amended)) {
      assertThat(plan.isAllowed()).isTrue();
      assertThat(plan.steps()).extracting(Step::verb).contains("open");
      assertThat(plan.gains())
          .singleElement()
          .satisfies(
              gain -> {
                assertThat(gain.who()).isEqualTo("the mesh");
                assertThat(gain.columns()).contains("id", "amount");
                assertThat(gain.everyRow()).isTrue();
              });
    }
    assertThat(amended.commit().openToMesh()).isTrue();
    assertThat(shop.describe(ORDERS).versions().get(0).version()).isEqualTo(amended.version());
    assertThatThrownBy(same::commit).isInstanceOf(ConflictException.class);
    assertThat(
            shop.defineProduct(ORDERS)
                .contract(shop.describe(ORDERS).contract())
                .openToMesh()
                .plan()
                .isEmpty())
        .isTrue();
  }

  @Test
  void aProductThatAnAmendmentLeavesSensitiveIsNotOpened() {
    MeshClient shop = registerShop();
    Contract contract = Contract.of(Order.class);
    shop.defineProduct(ORDERS)
        .contract(contract.classified(Classification.CONFIDENTIAL, "customer"))
        .commit();
    DefineProduct opening =
        shop.defineProduct(ORDERS)
            .contract(contract.require(atLeast("amount", 0)))
            .openToMesh()
            .orAmend();
    State before = state();

    assertThatThrownBy(opening::plan)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(ORDERS, "customer", "INTERNAL");
    assertThatThrownBy(opening::commit)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(ORDERS, "customer", "INTERNAL");

    assertNothingChanged(before);
  }

  @Test
  void aProgramThatDefinesAnOpenProductStillAmendsItAfterAColumnWasClassifiedHigher() {
    MeshClient shop = defineOrders();
    shop.amendContract(
            ORDERS, Contract.of(Order.class).classified(Classification.CONFIDENTIAL, "customer"))
        .commit();
    DefineProduct nightly =
        shop.defineProduct(ORDERS)
            .contract(Contract.of(Order.class).require(atLeast("amount", 0)))
            .openToMesh()
            .orAmend();

    assertThat(nightly.plan().isAllowed()).isTrue();
    ProductCard amended = nightly.commit();

    assertThat(amended.openToMesh()).isTrue();
    assertThat(amended.contract().rules()).hasSize(1);
    assertThat(amended.columns().get(1).classification()).isEqualTo(Classification.CONFIDENTIAL);
  }

  @Test
  void onlyAnAdministratorOpensAProductToTheMesh() {
    MeshClient shop = defineClosedOrders();
    MeshClient intern = mesh.actingAs(Principal.of("commerce", "intern"));
    Contract contract = Contract.of(Order.class);
    State before = state();

    for (DefineProduct opening :
        List.of(
            intern.defineProduct(ORDERS).contract(contract).openToMesh(),
            intern
                .defineProduct(ORDERS)
                .contract(contract.require(atLeast("amount", 0)))
                .openToMesh()
                .orAmend(),
            intern.defineProduct("commerce/other").contract(contract).openToMesh())) {
      assertOnlyAdministrators(opening::plan, "open", "to the mesh");
      assertOnlyAdministrators(opening::commit, "open", "to the mesh");
    }

    assertNothingChanged(before);
    intern.defineProduct("commerce/other").contract(contract).commit();
    shop.defineProduct(ORDERS).contract(contract).openToMesh().commit();
    assertThat(intern.defineProduct(ORDERS).contract(contract).openToMesh().commit().openToMesh())
        .as("the product is already open")
        .isTrue();
  }

  private static void assertOnlyAdministrators(ThrowingCallable call, String... facts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> assertThat(denied.whoCanGrant()).containsExactly("commerce/etl"))
        .hasMessageContainingAll(facts)
        .hasMessageContainingAll("commerce/intern", "only administrators", "commerce/etl");
  }

  @Test
  void aProductIsClosedToTheMeshAndItsGrantsStay() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    as("sales").registerDomain("sales").ownedBy("sales@example.org").commit();
    shop.grant(ORDERS).to(Principal.of("sales", "etl")).because("Reports").commit();
    State before = state();

    AccessPlan<ProductCard> plan = shop.access().closeToMesh(ORDERS).plan();

    assertNothingChanged(before);
    assertThat(plan.steps()).extracting(Step::verb).containsExactly("close");
    assertThat(plan.gains()).isEmpty();
    assertThat(plan.losses())
        .singleElement()
        .satisfies(
            loss -> {
              assertThat(loss.who()).isEqualTo("the mesh");
              assertThat(loss.columns()).contains("id", "amount");
            });
    assertThat(plan.explain(Principal.of("finance", "etl"), ORDERS).allowed()).isFalse();
    assertThat(plan.explain(Principal.of("sales", "etl"), ORDERS).allowed()).isTrue();
    assertThat(all(finance.read(ORDERS))).hasSize(3);

    assertThat(plan.commit().openToMesh()).isFalse();

    assertDenied(() -> finance.read(ORDERS).read(), ORDERS, "finance/etl");
    assertThat(all(as("sales").read(ORDERS))).hasSize(3);
    assertThat(shop.describe(ORDERS).openToMesh()).isFalse();
    assertThat(shop.governance().audit().of(ORDERS).about(MeshEvent.PRODUCT_CLOSED).list())
        .singleElement()
        .satisfies(entry -> assertThat(entry.who()).isEqualTo("commerce/etl"));
    State closed = state();
    AccessPlan<ProductCard> again = shop.access().closeToMesh(ORDERS).plan();
    assertThat(again.isEmpty()).isTrue();
    assertThat(again).asString().contains("nothing to close");
    assertThat(shop.access().closeToMesh(ORDERS).commit().openToMesh()).isFalse();
    assertNothingChanged(closed);
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
    assertThat(all(finance.read(ORDERS))).hasSize(3);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void onlyAnAdministratorClosesAProduct() {
    MeshClient shop = defineOrders();
    MeshClient finance = registerFinance();
    MeshClient intern = mesh.actingAs(Principal.of("commerce", "intern"));
    State before = state();

    assertOnlyAdministrators(
        () -> intern.access().closeToMesh(ORDERS).commit(), "close", "to the mesh");
    assertDenied(() -> finance.access().closeToMesh(ORDERS).plan(), ORDERS, "finance/etl");
    assertThatThrownBy(() -> shop.access().closeToMesh("commerce/ordres").plan())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("commerce/ordres", ORDERS);
    assertNothingChanged(before);
  }

  @Test
  void aProductIsClosedTogetherWithAGrant() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    AccessOperation<ProductCard> closing = shop.access().closeToMesh(ORDERS);
    GrantByName grant =
        shop.grant(ORDERS).to(Principal.of("finance", "etl")).columns("id").because("Reports");

    AccessPlan<AccessPlan.Results> plan = shop.access().whatIf(closing, grant);

    assertThat(plan.losses()).extracting(AccessPlan.AccessChange::who).containsExactly("the mesh");
    assertThat(plan.explain(Principal.of("finance", "etl"), ORDERS).columns())
        .containsExactly("id");
    AccessPlan.Results results = plan.commit();
    assertThat(results.of(closing).openToMesh()).isFalse();
    assertThat(results)
        .asString()
        .startsWith("close " + ORDERS + " to the mesh: ")
        .contains("\ngrant " + ORDERS + ": ")
        .doesNotContain("ProductClosing", "NamedGrant");
    assertThat(finance.describe(ORDERS).access()).isEqualTo(ProductCard.Access.READ_SOME);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void anAccountWithoutADomainIsAskedToRegisterOne() {
    defineOrders();

    assertThatThrownBy(() -> as("stranger").read(ORDERS).read())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.DOMAIN_MISSING))
        .hasMessageContaining("registerDomain(\"stranger\")");
  }

  @Test
  void aProductAboveInternalCannotBeOpened() {
    MeshClient shop = registerShop();
    Contract contract = Contract.of(Order.class);
    State before = state();

    for (Contract secret :
        List.of(
            contract.classified(Classification.CONFIDENTIAL, "customer"),
            contract.classified(Classification.RESTRICTED))) {
      assertThatThrownBy(() -> shop.defineProduct(ORDERS).contract(secret).openToMesh().commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll(ORDERS, "customer", "INTERNAL");
    }
    assertNothingChanged(before);
    shop.defineProduct(ORDERS)
        .contract(contract.classified(Classification.CONFIDENTIAL, "customer"))
        .commit();
    assertThat(shop.describe(ORDERS).columns().get(1).classification())
        .isEqualTo(Classification.CONFIDENTIAL);
  }

  @Test
  void definingTheSameProductAgainChangesNothing() {
    MeshClient shop = registerShop();
    DefineProduct first = define(shop, Contract.of(Order.class));
    ProductCard card = first.commit();
    State before = state();

    ProductCard again = define(shop, Contract.of(Order.class)).commit();

    assertThat(again).isEqualTo(card);
    assertThat(
            shop.defineProduct(ORDERS)
                .contract(Contract.of(Order.class))
                .partitionedBy(Partition.by("customer"))
                .commit())
        .isEqualTo(card);
    assertNothingChanged(before);
  }

  private static DefineProduct define(MeshClient shop, Contract contract) {
    return shop.defineProduct(ORDERS)
        .contract(contract)
        .describedAs("Orders")
        .ownedBy("orders@example.org")
        .partitionedBy(Partition.by("customer"))
        .openToMesh();
  }

  @Test
  void definingAProductDifferentlyIsRejectedWithTheDifferences() {
    MeshClient shop = registerShop();
    Contract contract = Contract.of(Order.class);
    shop.defineProduct(ORDERS).contract(contract).describedAs("Orders").commit();
    State before = state();

    assertDiffers(
        shop.defineProduct(ORDERS).contract(contract.require(atLeast("amount", 0))), "contract");
    assertDiffers(
        shop.defineProduct(ORDERS).contract(contract.onViolation(OnViolation.QUARANTINE)),
        "contract");
    assertDiffers(
        shop.defineProduct(ORDERS).contract(contract).partitionedBy(Partition.by("customer")),
        "partitioning");
    assertDiffers(shop.defineProduct(ORDERS).contract(contract).tableFormat(3), "table format");
    shop.defineProduct(ORDERS).contract(contract).tableFormat(2).commit();
    assertDiffers(
        shop.defineProduct(ORDERS)
            .contract(contract)
            .describedAs("Others")
            .ownedBy("other@example.org")
            .openToMesh(),
        "description, owner");
    assertNothingChanged(before);
  }

  private static void assertDiffers(DefineProduct operation, String what) {
    assertThatThrownBy(operation::commit)
        .isInstanceOfSatisfying(
            AlreadyExistsException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.ALREADY_EXISTS))
        .hasMessageContainingAll(
            ORDERS,
            "its " + what + (what.contains(",") ? " differ " : " differs "),
            "Nothing was changed");
  }

  enum Paint {
    RED
  }

  record Part(Paint paint, Optional<Integer> size) {}

  record Kit(Paint paint, List<Part> parts, Map<String, List<Instant>> seen) {}

  @Test
  void aDescriptionNamesTypesWithoutFieldIds() {
    ProductCard card =
        registerShop().defineProduct(ORDERS).contract(Contract.of(Kit.class)).commit();

    assertThat(card.columns())
        .extracting(ProductCard.Column::type)
        .containsExactly(
            "enum",
            "list<struct<paint: required enum, size: optional int>>",
            "map<string, list<timestamptz>>");
  }

  @Test
  void aNameThatDiffersOnlyByHyphenOrUnderscoreIsRejected() {
    MeshClient shop = registerShop();
    shop.defineProduct("commerce/green-trips").contract(Contract.of(Order.class)).commit();
    State before = state();

    assertThatThrownBy(
            () ->
                shop.defineProduct("commerce/green_trips")
                    .contract(Contract.of(Order.class))
                    .commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll("commerce/green_trips", "commerce/green-trips");
    assertThatThrownBy(() -> shop.publish("commerce/green_trips").records(List.of()).commit())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("commerce/green-trips");
    assertNothingChanged(before);

    as("a-b").registerDomain("a-b").ownedBy("a@example.org").commit();
    assertThatThrownBy(() -> as("a_b").registerDomain("a_b").ownedBy("a@example.org").commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("'a-b'");
  }

  @Test
  void aNestedProductIsDefinedPublishedAndRead() {
    MeshClient shop = registerShop();
    Schema nested =
        SchemaBuilder.record("Order")
            .fields()
            .requiredLong("id")
            .name("lines")
            .type()
            .array()
            .items()
            .stringType()
            .noDefault()
            .endRecord();
    List<Map<String, Object>> rows =
        List.of(row("id", 1L, "lines", List.of("a", "b")), row("id", 2L, "lines", List.of()));

    ProductCard card = shop.defineProduct(ORDERS).contract(Contract.of(nested)).commit();
    shop.publish(ORDERS).records(rows).commit();

    assertThat(card.columns().get(1).type()).isEqualTo("list<string>");
    assertThat(all(shop.read(ORDERS).asMaps())).isEqualTo(rows);
    assertWhole();
  }

  @Test
  void anInvalidPartitionIsRejectedByName() {
    MeshClient shop = registerShop();
    State before = state();

    assertThatThrownBy(
            () ->
                shop.defineProduct(ORDERS)
                    .contract(Contract.of(Order.class))
                    .partitionedBy(Partition.month("customer"), Partition.by("nowhere"))
                    .commit())
        .isInstanceOfSatisfying(
            InvalidRequestException.class, refused -> assertThat(refused.findings()).hasSize(2))
        .hasMessageContainingAll("month(customer)", "string");
    assertNothingChanged(before);
  }

  @Test
  void aProductNeedsItsDomain() {
    assertThatThrownBy(
            () -> shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("registerDomain(\"commerce\")");
    registerShop();
    assertDenied(
        () -> as("finance").defineProduct(ORDERS).contract(Contract.of(Order.class)).commit(),
        ORDERS);
  }

  @Test
  void anAccountActsForOneDomain() {
    registerShop();
    State before = state();

    assertThatThrownBy(
            () ->
                as("finance")
                    .registerDomain("finance")
                    .ownedBy("finance@example.org")
                    .accounts("finance", "commerce")
                    .commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll("finance", "account 'commerce'", "domain 'commerce' already");
    assertNothingChanged(before);
  }

  @Test
  void aDomainIsAmendedOnlyInTheGivenPartsAndByItsOwnAccounts() {
    Domain first =
        shop()
            .registerDomain("commerce")
            .ownedBy("shop@example.org")
            .describedAs("What we sell")
            .accounts("commerce", "web")
            .administrators(shop().principal(), as("web").principal())
            .commit();
    State before = state();

    assertThat(as("web").registerDomain("commerce").commit()).isEqualTo(first);
    assertDenied(
        () -> as("finance").registerDomain("commerce").ownedBy("me@example.org").commit(),
        "commerce");
    assertNothingChanged(before);

    Domain amended = as("web").registerDomain("commerce").accounts("web").commit();
    assertThat(amended)
        .isEqualTo(
            new Domain(
                "commerce",
                "What we sell",
                "shop@example.org",
                "shop@example.org",
                List.of("web"),
                List.of(as("web").principal()),
                List.of(as("web").principal())));
    assertDenied(
        () -> shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit(), ORDERS);
    as("finance")
        .registerDomain("finance")
        .ownedBy("finance@example.org")
        .accounts("commerce")
        .commit();
  }

  @Test
  void registeringADomainForOthersMustBeExplicit() {
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> as("platform").registerDomain("commerce").ownedBy("shop@example.org").commit(),
        "platform/etl",
        "the account 'commerce' acts for it",
        "accounts(\"platform\")",
        "accounts(\"commerce\")");
    assertNothingChanged(before);

    as("platform")
        .registerDomain("commerce")
        .ownedBy("shop@example.org")
        .accounts("commerce")
        .commit();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    as("alice").registerDomain("lab").ownedBy("alice@example.org").accounts("alice").commit();
    as("alice").defineProduct("lab/orders").contract(Contract.of(Order.class)).commit();
    assertThat(as("alice").registerDomain("lab").describedAs("Trials").commit().accounts())
        .containsExactly("alice");
  }

  @Test
  void aNameThatDiffersOnlyInCaseIsSuggested() {
    State empty = state();
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop().registerDomain("Commerce"),
            () -> shop().describe("Commerce/orders"),
            () -> shop().read("commerce/Orders"),
            () -> shop().subscribe("commerce/orders").named("Daily"))) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.NAME_INVALID))
          .hasMessageMatching("(?s).*Write it in lower case: '(commerce|orders|daily)'.*");
    }
    assertThatThrownBy(() -> shop().registerDomain("Com merce"))
        .hasMessageContaining("Choose lower-case letters")
        .hasMessageNotContaining("Write it");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> as("Commerce").registerDomain("commerce").ownedBy("shop@example.org").commit(),
        "case-sensitive");
    assertNothingChanged(empty);

    defineOrders();
    assertDenied(
        () -> as("Commerce").publish(ORDERS).records(Order.range(0, 1)).commit(),
        "Account names are case-sensitive: did you mean 'commerce'?");
    assertRefused(
        ErrorCode.DOMAIN_MISSING,
        () -> as("Commerce").read(ORDERS).read(),
        "Account names are case-sensitive: did you mean 'commerce'?",
        "registerDomain(..).accounts(\"Commerce\")");
    assertThatThrownBy(() -> as("Unregistered").read(ORDERS).read())
        .hasMessageNotContaining("did you mean");
  }

  @Test
  void aNewOwnerIsTheContactOfProductsWithoutOne() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.defineProduct("commerce/returns")
        .contract(Contract.of(Order.class))
        .ownedBy("returns@example.org")
        .commit();

    Domain amended = shop.registerDomain("commerce").ownedBy("new@example.org").commit();

    assertThat(amended.steward()).isEqualTo("new@example.org");
    assertThat(shop.describe(ORDERS).owner()).isEqualTo("new@example.org");
    assertThat(shop.describe("commerce/returns").owner()).isEqualTo("returns@example.org");
    registerFinance();
    assertThatThrownBy(() -> as("finance").read(ORDERS).read())
        .hasMessageContaining("Ask new@example.org");

    shop.registerDomain("commerce").stewardedBy("privacy@example.org").commit();
    assertThat(shop.registerDomain("commerce").ownedBy("third@example.org").commit().steward())
        .isEqualTo("privacy@example.org");
    State before = state();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class))
        .ownedBy("third@example.org")
        .commit();
    assertThatThrownBy(
            () ->
                shop.defineProduct(ORDERS)
                    .contract(Contract.of(Order.class))
                    .ownedBy("other@example.org")
                    .commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("owner");
    assertNothingChanged(before);
  }

  @Test
  void anUnknownProductIsRejectedWithTheNearestName() {
    MeshClient shop = defineOrders();

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop.read("commerce/odrers").read(),
            () -> shop.publish("commerce/odrers").records(Order.range(0, 1)).commit(),
            () -> shop.describe("commerce/odrers"),
            () -> shop.subscribe("commerce/odrers").named("a").purpose("b").commit())) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              NotFoundException.class, refused -> assertThat(refused.nearest()).contains(ORDERS))
          .hasMessageContainingAll("commerce/odrers", "Did you mean 'commerce/orders'?");
    }
    assertThatThrownBy(() -> shop.read(ORDERS).majorVersion(2).read())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("no major version 2", "[1]");
  }
}
