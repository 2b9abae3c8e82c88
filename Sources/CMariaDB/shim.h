#include <mysql.h>
#include <errmsg.h>
#include <mysqld_error.h>

// Declared here because Debian's <mysql/client_plugin.h> includes a header that the package has not.
struct st_mysql_client_plugin;
struct st_mysql_client_plugin *mysql_client_find_plugin(MYSQL *mysql, const char *name, int type);
// MYSQL_CLIENT_AUTHENTICATION_PLUGIN.
static const int keyturn_authentication_plugin = 2;
