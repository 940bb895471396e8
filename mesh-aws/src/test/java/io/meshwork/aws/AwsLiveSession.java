package io.meshwork.aws;

import java.util.List;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * A run of the profile {@code aws-live}: stops before the first test if there is no account, and
 * removes what the tests created after the last one, whatever their result. JUnit loads it as a
 * service.
 */
public final class AwsLiveSession implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    AwsLiveAccount.current().ifPresent(account -> report("Tests run in the " + account));
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    AwsLiveAccount.current().ifPresent(AwsLiveSession::removeAll);
  }

  /**
   * Removes everything with the prefix of an account.
   *
   * @throws IllegalStateException if something is left; the message lists it
   */
  static void removeAll(AwsLiveAccount account) {
    List<String> left = account.removeAll();
    if (left.isEmpty()) {
      report("Nothing is left in the " + account);
      return;
    }
    String message =
        "Remove these by hand. They are left in the "
            + account
            + ":\n  "
            + String.join("\n  ", left);
    report(message);
    throw new IllegalStateException(message);
  }

  private static void report(String line) {
    System.err.println("LIVE AWS: " + line);
  }
}
