#!/usr/bin/env bash
# Shows that Spring commits a transaction whose beforeCommit callback has failed,
# if what the callback throws is a TransactionException.
#
# What a TransactionSynchronization throws in beforeCommit is to prevent the
# commit: its Javadoc says that the exception is propagated to the caller, and
# for an IllegalStateException the transaction is rolled back. A
# TransactionException is taken for a failure of the commit itself, after which
# AbstractPlatformTransactionManager does nothing by default (rollbackOnCommitFailure
# is false): it neither commits nor rolls back, and cleans up. JdbcTransactionManager
# then sets the connection back to auto-commit, by which JDBC commits what is
# open. The caller gets the exception, afterCompletion says that the outcome is
# unknown (2), and the row is there.
#
# A callback, or a @TransactionalEventListener(phase = BEFORE_COMMIT), gets such an
# exception from any transactional method that it calls, as from one with
# REQUIRES_NEW while the pool has no connection (CannotCreateTransactionException), or
# from one with MANDATORY or NEVER (IllegalTransactionStateException).
#
# Seen with spring-jdbc and spring-tx 7.0.10, H2 2.4.240 and Java 17:
#
#     IllegalStateException: status 1, rows 0
#     CannotCreateTransactionException: status 2, rows 1
#     with rollbackOnCommitFailure: CannotCreateTransactionException: status 1, rows 0
#
# Needs java (17 or later) and mvn. Exits with 0 while this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >pom.xml <<'END'
<project xmlns="http://maven.apache.org/POM/4.0.0">
	<modelVersion>4.0.0</modelVersion>
	<groupId>finding</groupId>
	<artifactId>finding</artifactId>
	<version>1</version>
	<dependencies>
		<dependency>
			<groupId>org.springframework</groupId>
			<artifactId>spring-jdbc</artifactId>
			<version>7.0.10</version>
		</dependency>
		<dependency>
			<groupId>com.h2database</groupId>
			<artifactId>h2</artifactId>
			<version>2.4.240</version>
		</dependency>
	</dependencies>
</project>
END
timeout 240 mvn -B -q -ntp \
	org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib \
	>maven.log 2>&1 || { cat maven.log; exit 1; }

cat >Show.java <<'END'
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

public class Show {

	static final DriverManagerDataSource database = new DriverManagerDataSource("jdbc:h2:mem:show;DB_CLOSE_DELAY=-1");

	static final JdbcTemplate jdbc = new JdbcTemplate(database);

	public static void main(String[] args) {
		jdbc.execute("create table entry (id int)");
		run("", new IllegalStateException("no"), false);
		run("", new CannotCreateTransactionException("no connection for another one"), false);
		run("with rollbackOnCommitFailure: ", new CannotCreateTransactionException("no connection for another one"), true);
	}

	static void run(String label, RuntimeException thrown, boolean rollbackOnCommitFailure) {
		jdbc.update("delete from entry");
		JdbcTransactionManager manager = new JdbcTransactionManager(database);
		manager.setRollbackOnCommitFailure(rollbackOnCommitFailure);
		int[] outcome = new int[1];
		String caught = "nothing";
		try {
			new TransactionTemplate(manager).executeWithoutResult((transaction) -> {
				jdbc.update("insert into entry values (1)");
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void beforeCommit(boolean readOnly) {
						throw thrown;
					}

					@Override
					public void afterCompletion(int status) {
						outcome[0] = status;
					}

				});
			});
		}
		catch (RuntimeException ex) {
			caught = ex.getClass().getSimpleName();
		}
		System.out.println(label + caught + ": status " + outcome[0] + ", rows "
				+ jdbc.queryForObject("select count(*) from entry", Integer.class));
	}

}
END
javac -cp 'lib/*' Show.java
java -cp 'lib/*:.' Show 2>/dev/null | tee output
diff output - <<'END'
IllegalStateException: status 1, rows 0
CannotCreateTransactionException: status 2, rows 1
with rollbackOnCommitFailure: CannotCreateTransactionException: status 1, rows 0
END
