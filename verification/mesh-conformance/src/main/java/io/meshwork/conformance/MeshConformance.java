package io.meshwork.conformance;

import io.meshwork.internal.conformance.access.AccessRequestsSuite;
import io.meshwork.internal.conformance.access.AccessReviewsSuite;
import io.meshwork.internal.conformance.access.AccessSuite;
import io.meshwork.internal.conformance.access.AgreedSensitivitySuite;
import io.meshwork.internal.conformance.access.ApprovalsSuite;
import io.meshwork.internal.conformance.access.AuthorizationsSuite;
import io.meshwork.internal.conformance.access.ColumnRightsSuite;
import io.meshwork.internal.conformance.access.ConditionsSuite;
import io.meshwork.internal.conformance.access.DataMaskingSuite;
import io.meshwork.internal.conformance.access.DelegationsSuite;
import io.meshwork.internal.conformance.access.DenialsSuite;
import io.meshwork.internal.conformance.access.DomainGrantsSuite;
import io.meshwork.internal.conformance.access.DomainRolesSuite;
import io.meshwork.internal.conformance.access.ExecutorsSuite;
import io.meshwork.internal.conformance.access.GrantsSuite;
import io.meshwork.internal.conformance.access.MajorRightsSuite;
import io.meshwork.internal.conformance.access.MajorStatesSuite;
import io.meshwork.internal.conformance.access.MembershipSuite;
import io.meshwork.internal.conformance.access.ProtectionsSuite;
import io.meshwork.internal.conformance.access.RemindersSuite;
import io.meshwork.internal.conformance.access.RequestAuthorizationsSuite;
import io.meshwork.internal.conformance.access.RightsLimitsSuite;
import io.meshwork.internal.conformance.access.RightsPlansSuite;
import io.meshwork.internal.conformance.access.TagGrantsSuite;
import io.meshwork.internal.conformance.consume.BatchesSuite;
import io.meshwork.internal.conformance.consume.ConsumersSuite;
import io.meshwork.internal.conformance.consume.DeploymentsSuite;
import io.meshwork.internal.conformance.consume.NestedColumnsSuite;
import io.meshwork.internal.conformance.consume.ParquetExportsSuite;
import io.meshwork.internal.conformance.consume.PollsSuite;
import io.meshwork.internal.conformance.consume.PositionsSuite;
import io.meshwork.internal.conformance.consume.RandomPollsSuite;
import io.meshwork.internal.conformance.consume.ReaderSchemasSuite;
import io.meshwork.internal.conformance.consume.ReadsSuite;
import io.meshwork.internal.conformance.consume.RowStreamsSuite;
import io.meshwork.internal.conformance.consume.RowsSuite;
import io.meshwork.internal.conformance.consume.SubscriptionListsSuite;
import io.meshwork.internal.conformance.consume.SubscriptionsSuite;
import io.meshwork.internal.conformance.consume.UnsubscribesSuite;
import io.meshwork.internal.conformance.contract.AmendmentModesSuite;
import io.meshwork.internal.conformance.contract.AmendmentRolloutConflictsSuite;
import io.meshwork.internal.conformance.contract.AmendmentRolloutsSuite;
import io.meshwork.internal.conformance.contract.AmendmentsSuite;
import io.meshwork.internal.conformance.contract.ConcurrentAmendmentsSuite;
import io.meshwork.internal.conformance.contract.ContractTermsSuite;
import io.meshwork.internal.conformance.contract.PurposesSuite;
import io.meshwork.internal.conformance.contract.RetentionPromisesSuite;
import io.meshwork.internal.conformance.discovery.DiscoverySuite;
import io.meshwork.internal.conformance.discovery.DomainsSuite;
import io.meshwork.internal.conformance.discovery.LinkTargetsSuite;
import io.meshwork.internal.conformance.discovery.LinksSuite;
import io.meshwork.internal.conformance.discovery.ProductDefinitionsSuite;
import io.meshwork.internal.conformance.discovery.SuggestionSuite;
import io.meshwork.internal.conformance.discovery.TimeLimitsSuite;
import io.meshwork.internal.conformance.discovery.UnicodeTextSuite;
import io.meshwork.internal.conformance.erasure.ConcurrentErasesSuite;
import io.meshwork.internal.conformance.erasure.EraseNowSuite;
import io.meshwork.internal.conformance.erasure.ErasureEncountersSuite;
import io.meshwork.internal.conformance.events.AuditSuite;
import io.meshwork.internal.conformance.events.CallerCodeSuite;
import io.meshwork.internal.conformance.events.EventsSuite;
import io.meshwork.internal.conformance.events.ForgottenNotifiersSuite;
import io.meshwork.internal.conformance.events.NoticeHealthSuite;
import io.meshwork.internal.conformance.events.NoticesSuite;
import io.meshwork.internal.conformance.events.UndeliveredNoticesSuite;
import io.meshwork.internal.conformance.fixture.TestedMesh;
import io.meshwork.internal.conformance.maintenance.ConcurrentMaintenanceSuite;
import io.meshwork.internal.conformance.maintenance.ExpirySuite;
import io.meshwork.internal.conformance.maintenance.FileWritersSuite;
import io.meshwork.internal.conformance.maintenance.MaintenanceSuite;
import io.meshwork.internal.conformance.maintenance.OperatingSuite;
import io.meshwork.internal.conformance.maintenance.PlaceFaultsSuite;
import io.meshwork.internal.conformance.maintenance.PlaceMarkersSuite;
import io.meshwork.internal.conformance.maintenance.PlacesSuite;
import io.meshwork.internal.conformance.publish.ConcurrentModesSuite;
import io.meshwork.internal.conformance.publish.ConcurrentPublishesSuite;
import io.meshwork.internal.conformance.publish.DryRunsSuite;
import io.meshwork.internal.conformance.publish.FeedsSuite;
import io.meshwork.internal.conformance.publish.HistorySuite;
import io.meshwork.internal.conformance.publish.LastUpdatedFilesSuite;
import io.meshwork.internal.conformance.publish.PartitionsSuite;
import io.meshwork.internal.conformance.publish.PublishFailuresSuite;
import io.meshwork.internal.conformance.publish.PublishModesSuite;
import io.meshwork.internal.conformance.publish.RandomModesSuite;
import io.meshwork.internal.conformance.publish.ReceiptsSuite;
import io.meshwork.internal.conformance.publish.ReplaysSuite;
import io.meshwork.internal.conformance.publish.RollBacksSuite;
import io.meshwork.internal.conformance.publish.RowKeysSuite;
import io.meshwork.internal.conformance.publish.StagedPublishesSuite;
import io.meshwork.internal.conformance.quality.DataQualitySuite;
import io.meshwork.internal.conformance.quality.EventTimesSuite;
import io.meshwork.internal.conformance.quality.FreshnessSuite;
import io.meshwork.internal.conformance.quality.LateRowsSuite;
import io.meshwork.internal.conformance.quality.LatenessSuite;
import io.meshwork.internal.conformance.quality.QuarantineSuite;
import io.meshwork.internal.conformance.quality.RepublishSuite;
import io.meshwork.internal.conformance.quality.RowCountsSuite;
import io.meshwork.internal.conformance.quality.RowRulesSuite;
import io.meshwork.internal.conformance.quality.StricterRulesSuite;
import io.meshwork.internal.conformance.quality.TableRulesSuite;
import io.meshwork.internal.conformance.quality.ViolationPoliciesSuite;
import io.meshwork.internal.conformance.rollout.AbortsSuite;
import io.meshwork.internal.conformance.rollout.AnnouncementsSuite;
import io.meshwork.internal.conformance.rollout.BackFillsSuite;
import io.meshwork.internal.conformance.rollout.ColumnRenamingsSuite;
import io.meshwork.internal.conformance.rollout.ConcurrentRolloutsSuite;
import io.meshwork.internal.conformance.rollout.CurrentVersionsSuite;
import io.meshwork.internal.conformance.rollout.DownstreamProductsSuite;
import io.meshwork.internal.conformance.rollout.DualPublishesSuite;
import io.meshwork.internal.conformance.rollout.HotFixesSuite;
import io.meshwork.internal.conformance.rollout.MovesSuite;
import io.meshwork.internal.conformance.rollout.ProductEndsSuite;
import io.meshwork.internal.conformance.rollout.PurgesSuite;
import io.meshwork.internal.conformance.rollout.RestoredBackFillsSuite;
import io.meshwork.internal.conformance.rollout.RestoredVersionsSuite;
import io.meshwork.internal.conformance.rollout.RetirementsSuite;
import io.meshwork.internal.conformance.rollout.RolloutsSuite;
import io.meshwork.internal.conformance.rollout.RowVerificationsSuite;
import io.meshwork.internal.conformance.rollout.SharedErasuresSuite;
import io.meshwork.internal.conformance.rollout.SharedProtectionsSuite;
import io.meshwork.internal.conformance.rollout.StewardsSuite;
import io.meshwork.internal.conformance.rollout.SubscriptionPlansSuite;
import io.meshwork.internal.conformance.rollout.SuspensionsSuite;
import io.meshwork.internal.conformance.rollout.ThreeVersionMovesSuite;
import io.meshwork.internal.conformance.rollout.ThreeVersionsSuite;
import io.meshwork.internal.conformance.rollout.TracksSuite;
import io.meshwork.internal.conformance.rollout.VisibleRolloutsSuite;
import io.meshwork.testkit.TestBackend;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The operations of a mesh, on any backend. Extend it, return the backend, and run it with JUnit:
 *
 * <pre>{@code
 * class MyMeshTest extends MeshConformance {
 *   @Override
 *   protected TestBackend backend() {
 *     return folder -> Mesh.builder(new MyRegistry(), new MyFiles(), "my:/root");
 *   }
 * }
 * }</pre>
 *
 * <p>Each nested class is a suite that runs on its own. With Maven, {@code
 * -Dtest='MyMeshTest#-,*$Grants'} runs one suite, and {@code -Dtest='MyMeshTest#-,*$*#aTest'} one
 * test.
 *
 * <p>The suites set the mesh's clock, IDs, and sleeper, and inject faults between the mesh and its
 * registry, so they do not wait and give the same result each time. {@link RegistryConformance}
 * verifies the registry itself, {@link FileIOConformance} the files.
 */
public abstract class MeshConformance {
  @RegisterExtension final TestedMesh tested = new TestedMesh(this::backend, this::compactSales);

  /**
   * Returns the backend. Called once for each test. Where {@link TestBackend#existingMesh} returns
   * nothing, the tests that open a mesh again are aborted.
   */
  protected abstract TestBackend backend();

  /** Rewrites the data files of the sales as an engine does. Default: does nothing. */
  void compactSales(Path folder) {}

  @Nested
  class Rows extends RowsSuite {}

  @Nested
  class ParquetExports extends ParquetExportsSuite {}

  @Nested
  class ViolationPolicies extends ViolationPoliciesSuite {}

  @Nested
  class Receipts extends ReceiptsSuite {}

  @Nested
  class ConcurrentPublishes extends ConcurrentPublishesSuite {}

  @Nested
  class Access extends AccessSuite {}

  @Nested
  class ProductDefinitions extends ProductDefinitionsSuite {}

  @Nested
  class Domains extends DomainsSuite {}

  @Nested
  class Discovery extends DiscoverySuite {}

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
  class DryRuns extends DryRunsSuite {}

  @Nested
  class StagedPublishes extends StagedPublishesSuite {}

  @Nested
  class Republish extends RepublishSuite {}

  @Nested
  class ConcurrentModes extends ConcurrentModesSuite {}

  @Nested
  class RowKeys extends RowKeysSuite {}

  @Nested
  class RandomModes extends RandomModesSuite {}

  @Nested
  class Subscriptions extends SubscriptionsSuite {}

  @Nested
  class Consumers extends ConsumersSuite {}

  @Nested
  class Unsubscribes extends UnsubscribesSuite {}

  @Nested
  class SubscriptionLists extends SubscriptionListsSuite {}

  @Nested
  class ReaderSchemas extends ReaderSchemasSuite {}

  @Nested
  class RowStreams extends RowStreamsSuite {}

  @Nested
  class Reads extends ReadsSuite {}

  @Nested
  class Batches extends BatchesSuite {}

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
  class NoticeHealth extends NoticeHealthSuite {}

  @Nested
  class UndeliveredNotices extends UndeliveredNoticesSuite {}

  @Nested
  class ForgottenNotifiers extends ForgottenNotifiersSuite {}

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
  class OperatingRuns extends OperatingSuite {}

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
  class Conditions extends ConditionsSuite {}

  @Nested
  class Protections extends ProtectionsSuite {}

  @Nested
  class Grants extends GrantsSuite {}

  @Nested
  class TagGrants extends TagGrantsSuite {}

  @Nested
  class Denials extends DenialsSuite {}

  @Nested
  class Links extends LinksSuite {}

  @Nested
  class LinkTargets extends LinkTargetsSuite {}

  @Nested
  class MajorStates extends MajorStatesSuite {}

  @Nested
  class MajorRights extends MajorRightsSuite {}

  @Nested
  class AccessRequests extends AccessRequestsSuite {}

  @Nested
  class Approvals extends ApprovalsSuite {}

  @Nested
  class Reminders extends RemindersSuite {}

  @Nested
  class Authorizations extends AuthorizationsSuite {}

  @Nested
  class Delegations extends DelegationsSuite {}

  @Nested
  class RequestAuthorizations extends RequestAuthorizationsSuite {}

  @Nested
  class DomainGrants extends DomainGrantsSuite {}

  @Nested
  class DomainRoles extends DomainRolesSuite {}

  @Nested
  class Membership extends MembershipSuite {}

  @Nested
  class TimeLimits extends TimeLimitsSuite {}

  @Nested
  class Audit extends AuditSuite {}

  @Nested
  class AccessReviews extends AccessReviewsSuite {}

  @Nested
  class Rollouts extends RolloutsSuite {}

  @Nested
  class DownstreamProducts extends DownstreamProductsSuite {}

  @Nested
  class Retirements extends RetirementsSuite {}

  @Nested
  class RestoredBackFills extends RestoredBackFillsSuite {}

  @Nested
  class RestoredVersions extends RestoredVersionsSuite {}

  @Nested
  class Purges extends PurgesSuite {}

  @Nested
  class Aborts extends AbortsSuite {}

  @Nested
  class SharedErasures extends SharedErasuresSuite {}

  @Nested
  class SharedProtections extends SharedProtectionsSuite {}

  @Nested
  class ThreeVersions extends ThreeVersionsSuite {}

  @Nested
  class ThreeVersionMoves extends ThreeVersionMovesSuite {}

  @Nested
  class HotFixes extends HotFixesSuite {}

  @Nested
  class ConcurrentRollouts extends ConcurrentRolloutsSuite {}

  @Nested
  class ProductEnds extends ProductEndsSuite {}

  @Nested
  class AmendmentRollouts extends AmendmentRolloutsSuite {}

  @Nested
  class Purposes extends PurposesSuite {}

  @Nested
  class EventTimes extends EventTimesSuite {}

  @Nested
  class LateRows extends LateRowsSuite {}

  @Nested
  class RetentionPromises extends RetentionPromisesSuite {}

  @Nested
  class Lateness extends LatenessSuite {}

  @Nested
  class AmendmentRolloutConflicts extends AmendmentRolloutConflictsSuite {}

  @Nested
  class Stewards extends StewardsSuite {}

  @Nested
  class Suspensions extends SuspensionsSuite {}

  @Nested
  class Tracks extends TracksSuite {}

  @Nested
  class Announcements extends AnnouncementsSuite {}

  /** Columns and types with other names in a rollout. */
  @Nested
  class ColumnRenamings extends ColumnRenamingsSuite {}

  /** Who sees a rollout, and when. */
  @Nested
  class VisibleRollouts extends VisibleRolloutsSuite {}

  @Nested
  class PublishFailures extends PublishFailuresSuite {}

  @Nested
  class DualPublishes extends DualPublishesSuite {}

  @Nested
  class BackFills extends BackFillsSuite {}

  @Nested
  class RowVerifications extends RowVerificationsSuite {}

  @Nested
  class Places extends PlacesSuite {}

  @Nested
  class PlaceFaults extends PlaceFaultsSuite {}

  @Nested
  class PlaceMarkers extends PlaceMarkersSuite {}

  @Nested
  class FileWriters extends FileWritersSuite {}

  @Nested
  class Moves extends MovesSuite {}

  @Nested
  class CurrentVersions extends CurrentVersionsSuite {}

  /** What executors of other accounts write, and where. */
  @Nested
  class Executors extends ExecutorsSuite {}

  @Nested
  class Feeds extends FeedsSuite {}

  @Nested
  class SubscriptionPlans extends SubscriptionPlansSuite {}

  @Nested
  class Suggestions extends SuggestionSuite {}

  /** Rows that are erased from all files at once. */
  @Nested
  class ErasuresNow extends EraseNowSuite {}

  /** What an erasure meets: publishes, rollouts, readers, feeds, and registered files. */
  @Nested
  class ErasureEncounters extends ErasureEncountersSuite {}
}
