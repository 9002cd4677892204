using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Print;

namespace HyperVDash.Agent.Collect.Print;

/// <summary>What a print server shares and under which names it answers. Only servers with the role are asked.</summary>
internal sealed class PrintServerReader() : SectionReader<PrintServer>("printServer", r => r.PrintServer, (r, s) => r with { PrintServer = s })
{
    // Win32_ServerFeature: Print and Document Services, Print Server, Internet Printing.
    private static readonly int[] RoleIds = [7, 135, 136];

    public override IEnumerable<TableQuery> Queries(HostFacts host) => [Plan.Roles];

    public override async Task FollowUpAsync(FollowUp follow, CancellationToken cancellationToken)
    {
        if (!HasRole(follow.Tables))
        {
            return;
        }

        foreach (var query in new[] { PrintTables.Queues, PrintTables.Drivers, PrintTables.Ports, PrintTables.Processes, PrintTables.RunningServices })
        {
            await follow.AskAsync(query, cancellationToken).ConfigureAwait(false);
        }

        if (DriverReader.FilesOf(follow.Tables) is { } files)
        {
            await follow.AskAsync(files, cancellationToken).ConfigureAwait(false);
        }

        foreach (var value in PrintTables.Values)
        {
            await CallAsync(follow, value, cancellationToken).ConfigureAwait(false);
        }

        if (PrintTables.OptionalNamesOf(follow.Tables) is { } names)
        {
            await CallAsync(follow, names, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task CallAsync(FollowUp follow, RegistryValue value, CancellationToken cancellationToken)
    {
        var (reply, error) = await follow.CallAsync(value.Call(follow.Options.TableTimeout), cancellationToken).ConfigureAwait(false);
        follow.Tables.SetCall(value.Key, reply, error);
    }

    protected override SectionResult<PrintServer> Read(SectionSources sources)
    {
        var tables = sources.Tables;
        var roles = tables[Plan.Roles];
        if (roles.IsAbsent)
        {
            return SectionResult<PrintServer>.Without(SectionState.Absent, "This edition of Windows has no server roles, so it is no print server.");
        }

        // Roles of an earlier read do not say that the role is not there now.
        if (!roles.IsRead)
        {
            return SectionResult<PrintServer>.Failed(roles.Error!);
        }

        if (!HasRole(tables))
        {
            return SectionResult<PrintServer>.Without(SectionState.Absent, "The print role is not installed on this host.");
        }

        var queues = tables[PrintTables.Queues];
        var processes = tables[PrintTables.Processes];
        var spooler = processes.Rows.FirstOrDefault(p => "spoolsv.exe".Equals(p.String("Name"), StringComparison.OrdinalIgnoreCase));
        // A spooler that does not run lists no queue and gives no error.
        bool isStopped = processes.IsRead && spooler is null;
        var policy = Policy(tables);
        var since = policy == SpoolerPolicy.Unknown ? null : ChangeMemory.Of(sources.Memory, "print/policy", policy.ToString(), sources.Host.Now);
        return SectionResult<PrintServer>.Read(new()
        {
            Queues = queues.IsKnown && !isStopped ? QueueReader.Of(tables) : null,
            Policy = policy,
            PolicySeenAt = since?.SeenAt,
            PolicyOtherUntil = since?.OtherUntil,
            SpoolerStartedAt = spooler?.DateTime("CreationDate"),
            Aliases = AliasReader.Of(sources),
        },
        [
            queues.IsRead ? null : $"queues: {queues.Error!.Message}",
            isStopped ? "queues: the Print Spooler does not run, so it lists none." : null,
            queues.Rows.Any(q => string.IsNullOrWhiteSpace(q.String("ShareName"))) ? "queues: one is shared without a share name and left out." : null,
            Gap("drivers", tables[PrintTables.Drivers]),
            Gap("ports", tables[PrintTables.Ports]),
            Gap("start of the spooler", processes),
            Gap("process of the Server service", tables[PrintTables.RunningServices]),
            DriverReader.FilesOf(tables) is { } files ? Gap("driver files", tables[files]) : null,
            policy == SpoolerPolicy.Unknown || PrintTables.Policy.ErrorOf(tables) is not null ? $"policy: {PrintTables.Policy.ErrorOf(tables) ?? "RegisterSpoolerRemoteRpcEndPoint holds something else than 1 or 2."}" : null,
            .. AliasReader.Gaps(tables),
        ]);
    }

    private static string? Gap(string what, Table table) => table.IsRead ? null : $"{what}: {table.Error!.Message}";

    private static bool HasRole(TableSet tables) => tables[Plan.Roles].Rows.Any(r => r.Int32("ID") is { } id && RoleIds.Contains(id));

    private static SpoolerPolicy Policy(TableSet tables) => (PrintTables.Policy.Exists(tables), PrintTables.Policy.NumberOf(tables)) switch
    {
        (false, _) => SpoolerPolicy.NotConfigured,
        (true, 1) => SpoolerPolicy.Enabled,
        (true, 2) => SpoolerPolicy.Disabled,
        _ => SpoolerPolicy.Unknown,
    };
}
