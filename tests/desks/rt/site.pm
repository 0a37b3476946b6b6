# Settings of a Request Tracker that runs from one folder, for tests and trials. The folder and the rest come from the environment.
my $dir = $ENV{LASTWORD_RT_DIR};
mkdir "$dir/$_" for qw(mason sessions var);
$RT::MasonDataDir = "$dir/mason";
$RT::MasonSessionDir = "$dir/sessions";
$RT::VarPath = "$dir/var";
Set($rtname, 'lastword.test');
Set($Organization, 'lastword.test');
Set($CorrespondAddress, 'rt@lastword.test');
Set($CommentAddress, 'rt-comment@lastword.test');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, "$dir/rt.db");
Set($WebDomain, '127.0.0.1');
Set($WebPort, $ENV{LASTWORD_RT_PORT});
Set($WebBaseURL, "http://127.0.0.1:$ENV{LASTWORD_RT_PORT}");
# Debian's default is /rt.
Set($WebPath, '');
# What RT mails stays in var/*.mbox.
Set($MailCommand, 'mbox');
Set($Timezone, 'UTC');
Set($LogToSTDERR, 'warning');
Set($LogToSyslog, '');
Set($LastwordURL, $ENV{LASTWORD_RT_HOOK});
Set($LastwordSecret, $ENV{LASTWORD_RT_SECRET});
1;
