package io.meshwork.conformance;

import io.meshwork.testkit.TestBackend;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/**
 * The operations of a mesh, on any backend. Extend it, return the backend, and run it with JUnit:
 *
 * <pre>{@code
 * class MyMeshTest extends MeshConformance {
 *   @Override
 *   protected TestBackend backend() {
 *     return folder -> Mesh.over(new MyRegistry(), new MyFiles(), "my:/root");
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
  class SubscriptionTrials extends SubscriptionTrialsSuite {}

  @Nested
  class Suggestions extends SuggestionSuite {}

  /** Rows that are erased from all files at once. */
  @Nested
  class ErasuresNow extends EraseNowSuite {}

  /** What an erasure meets: publishes, rollouts, readers, feeds, and registered files. */
  @Nested
  class ErasureEncounters extends ErasureEncountersSuite {}
}
