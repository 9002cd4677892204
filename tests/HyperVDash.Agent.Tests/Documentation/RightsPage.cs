using System.Globalization;
using System.Text;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Documentation;

/// <summary>The least that an account needs, and what is missing without each part.</summary>
internal static class RightsPage
{
    public static string Render(IReadOnlyList<Asked> asked)
    {
        var page = new StringBuilder($"""
            # What the account needs

            Made from [what the agent asks](cim-calls.md) and from the rights that it names in its sentences; how to sign in is [another page](sign-in.md). An administrator of the host
            reads everything. The least that reads everything about Hyper-V:

            1. **The way in.** The local group Remote Management Users ({NamespaceRight.RemoteManagement}): `Add-LocalGroupMember -SID {NamespaceRight.RemoteManagement} -Member DOMAIN\user`. On 2008 and 2008 R2
               `winrm configSDDL http://schemas.microsoft.com/wbem/wsman/1/wmi/` with Read and Execute. Without it: HTTP 401, or access denied (code 5), and nothing at all is read.
            2. **Each namespace below**: Enable Account and Remote Enable (`wmimgmt.msc`, Properties, Security), and Execute Methods where methods are called. Without it that namespace is denied.
            3. **What the namespace's own provider asks for**, in the table.

            {HyperVRights.Remote}

            A local administrator that is not the built-in one gets a filtered token over the network, and with it empty lists; use a domain account, or set `LocalAccountTokenFilterPolicy` to 1.
            A right that is missing is shown with its section, as *denied* with the sentence that names it. It is never an empty list, and never green.

            | namespace | what is asked | needs | given by | without it | missing then |
            |---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var right in NamespaceRight.All)
        {
            var names = asked.Where(a => NamespaceRight.Of(a.Question.Namespace, a.Question.Class, a.Question.Method is not null) == right).Select(a => a.Section).ToHashSet();
            page.Append(CultureInfo.InvariantCulture,
                $"| `{right.Namespace}` | {right.Asks} | {right.Needs} | {(right.Grant is { } grant ? $"`{grant}`" : "")} | {right.Without} | {string.Join(", ", SectionLens.All.Where(s => names.Contains(s.Name)).Select(s => s.Name))} |\n");
        }

        return page.Append("""

            `selftest` walks the way to one host, says at which step it ends, and prints this table with what that host allows:

            ```
            agent selftest --host https://hv01.corp.example:5986/wsman --user watcher --password-env HV_PASSWORD
            ```

            """.ReplaceLineEndings("\n")).ToString();
    }
}
