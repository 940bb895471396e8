package io.meshwork.conformance;

import io.meshwork.MeshBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/**
 * What any mesh must do, end to end, whatever its registry and its files are. Extend it, give a new
 * and empty mesh, and run it with JUnit:
 *
 * <pre>{@code
 * class MyMeshTest extends MeshConformance {
 *   @Override
 *   protected MeshBuilder mesh() {
 *     return Mesh.over(new MyRegistry(), new MyFiles(), "my:/root");
 *   }
 * }
 * }</pre>
 *
 * <p>Each nested class is a suite that runs on its own. With Maven, {@code
 * -Dtest='MyMeshTest#-,*$Grants'} runs one suite, and {@code -Dtest='MyMeshTest#-,*$*#aTest'} one
 * test.
 *
 * <p>The suites set clock, ids and waiting of the mesh and put faults between it and its registry,
 * so they run in no time and the same each time. The registry itself proves itself with {@link
 * RegistryConformance}, files with {@link FileIOConformance}.
 */
public abstract class MeshConformance {
  /** A new, empty mesh; asked for once a test. The suite sets its clock, ids and waiting. */
  protected abstract MeshBuilder mesh();

  /**
   * The mesh that {@link #mesh()} gave last, once more, after it was closed. Empty where nothing
   * outlives it; the tests that open it again are then aborted with a reason.
   */
  protected Optional<MeshBuilder> sameMesh() {
    return Optional.empty();
  }

  /** Lays files of the sales out anew, as an engine does; nothing where no engine comes in. */
  void compactSales() {}

  @Nested
  class Rows extends RowsSuite {}

  @Nested
  class ViolationPolicies extends ViolationPoliciesSuite {}

  @Nested
  class Receipts extends ReceiptsSuite {}

  @Nested
  class ConcurrentPublishes extends ConcurrentPublishesSuite {}

  @Nested
  class Access extends AccessSuite {}

  @Nested
  class DataMasking extends DataMaskingSuite {}

  @Nested
  class Partitions extends PartitionsSuite {}

  @Nested
  class PublishModes extends PublishModesSuite {}

  @Nested
  class History extends HistorySuite {}

  @Nested
  class RollBacks extends RollBacksSuite {}

  @Nested
  class UnicodeText extends UnicodeTextSuite {}

  @Nested
  class CallerCode extends CallerCodeSuite {}

  @Nested
  class Replays extends ReplaysSuite {}

  @Nested
  class PublishPlans extends PublishPlansSuite {}

  @Nested
  class ConcurrentModes extends ConcurrentModesSuite {}

  @Nested
  class RowKeys extends RowKeysSuite {}

  @Nested
  class RandomModes extends RandomModesSuite {}

  @Nested
  class Subscriptions extends SubscriptionsSuite {}

  @Nested
  class Unsubscribes extends UnsubscribesSuite {}

  @Nested
  class ReaderSchemas extends ReaderSchemasSuite {}

  @Nested
  class RowStreams extends RowStreamsSuite {}

  @Nested
  class Reads extends ReadsSuite {}

  @Nested
  class Polls extends PollsSuite {}

  @Nested
  class Positions extends PositionsSuite {}

  @Nested
  class Deployments extends DeploymentsSuite {}

  @Nested
  class RandomPolls extends RandomPollsSuite {}

  @Nested
  class Freshness extends FreshnessSuite {}

  @Nested
  class NestedColumns extends NestedColumnsSuite {}

  @Nested
  class Events extends EventsSuite {}

  @Nested
  class Notices extends NoticesSuite {}

  @Nested
  class RowRules extends RowRulesSuite {}

  @Nested
  class LastUpdatedFiles extends LastUpdatedFilesSuite {}

  @Nested
  class RowCounts extends RowCountsSuite {}

  @Nested
  class Quarantine extends QuarantineSuite {}

  @Nested
  class ConcurrentErases extends ConcurrentErasesSuite {}

  @Nested
  class Maintenance extends MaintenanceSuite {}

  @Nested
  class Expiry extends ExpirySuite {}

  @Nested
  class ConcurrentMaintenance extends ConcurrentMaintenanceSuite {}

  @Nested
  class DataQuality extends DataQualitySuite {}

  @Nested
  class TableRules extends TableRulesSuite {}

  @Nested
  class Amendments extends AmendmentsSuite {}

  @Nested
  class ConcurrentAmendments extends ConcurrentAmendmentsSuite {}

  @Nested
  class AmendmentModes extends AmendmentModesSuite {}

  @Nested
  class ContractTerms extends ContractTermsSuite {}

  @Nested
  class StricterRules extends StricterRulesSuite {}

  @Nested
  class RightsLimits extends RightsLimitsSuite {}

  @Nested
  class RightsPlans extends RightsPlansSuite {}

  @Nested
  class ColumnRights extends ColumnRightsSuite {}

  @Nested
  class AgreedSensitivity extends AgreedSensitivitySuite {}

  @Nested
  class Protections extends ProtectionsSuite {}

  @Nested
  class Grants extends GrantsSuite {}

  @Nested
  class Links extends LinksSuite {}

  @Nested
  class AccessRequests extends AccessRequestsSuite {}

  @Nested
  class Approvals extends ApprovalsSuite {}

  @Nested
  class Reminders extends RemindersSuite {}

  @Nested
  class Authorizations extends AuthorizationsSuite {}

  @Nested
  class DomainRoles extends DomainRolesSuite {}

  @Nested
  class TimeLimits extends TimeLimitsSuite {}

  @Nested
  class Audit extends AuditSuite {}

  @Nested
  class AccessReviews extends AccessReviewsSuite {}

  @Nested
  class PublishFailures extends PublishFailuresSuite {}
}
