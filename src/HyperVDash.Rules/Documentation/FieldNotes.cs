using System.Collections.Immutable;

namespace HyperVDash.Rules.Documentation;

/// <summary>
/// The field notes of December 2007, statement by statement: 1 is the post on devices, 2 the one on issues of the release candidate, 3 the one on print servers
/// behind NLB.
/// </summary>
public static class FieldNotes
{
    public static ImmutableArray<FieldNote> All { get; } =
    [
        Note(1, "1", "A VM has devices of two kinds: emulated ones, and synthetic ones with a provider on the host and a client in the guest", "HVD405", "HVD406", "HVD407", "HVD416") with { Remark = "every device is listed by its kind" },
        Note(2, "1", "Emulated devices work with most guests and are slow", "HVD405", "HVD407") with { Limits = [1] },
        Note(3, "1", "Synthetic devices are for certain guests only, from Server 2003 on", "HVD406", "HVD506"),
        Note(4, "1", "Their drivers have to be in the guest", "HVD406", "HVD501", "HVD504"),
        Note(5, "1", "Their requests go straight over the VMBus to the host", "HVD501", "HVD505") with { Remark = "a heartbeat proves that the bus works", Limits = [2] },
        Note(6, "1", "Controllers are IDE or SCSI", "HVD402", "HVD404"),
        Note(7, "1", "There are two IDE controllers", "HVD402"),
        Note(8, "1", "There are up to four SCSI controllers", "HVD404", "HVD704"),
        Note(9, "1", "An IDE controller takes two devices", "HVD402"),
        Note(10, "1", "Nothing boots from SCSI", "HVD401", "HVD513") with { Remark = "generation 1 only" },
        Note(11, "1", "So a VM needs a disk on IDE", "HVD401"),
        Note(12, "1", "The boot disk is device 0 of IDE controller 0", "HVD401"),
        Note(13, "1", "A CD drive takes an IDE position away", "HVD403", "HVD402"),
        Note(14, "1", "A SCSI controller takes 255 devices", "HVD404") with { Remark = "so before the release; 64 since" },
        Note(15, "1", "A disk of the host can be passed through on both kinds of controller", "HVD408", "HVD310"),
        Note(16, "1", "Disks may be fixed", "HVD413") with { Remark = "every disk is listed with its type" },
        Note(17, "1", "Disks may be dynamic", "HVD411", "HVD413"),
        Note(18, "1", "Disks may be sparse", "HVD413", "HVD411") with { Limits = [12] },
        Note(19, "1", "Disks may be deltas of others", "HVD409", "HVD410"),
        Note(20, "1", "IDE is emulated, SCSI is synthetic", "HVD405"),
        Note(21, "1", "IDE is emulated in the worker process, of which every running VM has one", "HVD111", "HVD510") with { Remark = "HVD111 counts the workers against the VMs", Limits = [2] },
        Note(22, "1", "For speed take SCSI", "HVD405"),
        Note(23, "1", "While a VM starts there is no VMBus, only CD, IDE, legacy network and floppy", "HVD401", "HVD407", "HVD416"),
        Note(24, "1", "This is before the release, and every number may change", "HVD801", "HVD404") with { Remark = "limits come from the [release profiles](releases.md)" },
        Note(25, "2.1", "Every role is supported beside Hyper-V but that of a domain controller", "HVD105", "HVD507", "HVD606"),
        Note(26, "2.2", "Switches have the same names on both nodes", "HVD201", "HVD202", "HVD206", "HVD215"),
        Note(27, "2.2", "Integration services are installed before a VM fails over", "HVD301", "HVD501", "HVD502") with { Limits = [13] },
        Note(28, "2.2", "A switch that the role's wizard made is deleted and made again in a cluster", "HVD203") with { Limits = [14] },
        Note(29, "2.3", "The material is of a pre-release", "HVD801") with { Limits = [4] },
        Note(30, "2.3", "A VM of an older pre-release may not survive the update", "HVD803", "HVD802", "HVD804", "HVD806"),
        Note(31, "2.4", "Linux guests get the Linux components", "HVD504") with { Limits = [8] },
        Note(32, "2.4", "Without them they do not see the devices", "HVD504", "HVD406"),
        Note(33, "2.5", "The system language stays US English while the role is enabled", "HVD101", "HVD102") with { Limits = [15] },
        Note(34, "2.5", "Otherwise services fail and Hyper-V does not start", "HVD103", "HVD104", "HVD101"),
        Note(35, "2.6", "Wireless adapters are not supported", "HVD204"),
        Note(36, "3, introduction", "Printing behind NLB is not supported by Microsoft", "HVD914") with { Limits = [9] },
        Note(37, "3.1", "NLB runs on two servers", "HVD901", "HVD913"),
        Note(38, "3.1", "Each has an adapter for NLB alone", "HVD902"),
        Note(39, "3.1", "Take unicast", "HVD903", "HVD904"),
        Note(40, "3.1", "Some Cisco routers do not take an address that leads to a multicast one", "HVD903") with { Limits = [3] },
        Note(41, "3.2", "A port rule for 135, TCP and UDP", "HVD905"),
        Note(42, "3.2", "A port rule for 1024 to 65535, TCP and UDP", "HVD905"),
        Note(43, "3.3", "Queues are the same on both: name of the printer", "HVD906"),
        Note(44, "3.3", "The same share name", "HVD906"),
        Note(45, "3.3", "The same driver, and so on", "HVD906") with { Remark = "with port, processor and version" },
        Note(46, "3.4", "The policy \"Allow Print Spooler to accept client connections\" is enabled on both", "HVD907"),
        Note(47, "3.4", "The spooler is started again after it", "HVD907", "HVD908"),
        Note(48, "3.5", "The address of the cluster has an A record", "HVD909"),
        Note(49, "3.5", "Clients map \\\\\\\\cluster\\\\share", "HVD909", "HVD906", "HVD905"),
        Note(50, "3.6", "Each old server's name has an A record with the cluster's address", "HVD910") with { Limits = [16] },
        Note(51, "3.6", "Old records are removed or renamed; none stays twice", "HVD910") with { Limits = [10] },
        Note(52, "3.7", "Every node knows every old name as its alias", "HVD911", "HVD912"),
        Note(53, "3.7", "The aliases stand in OptionalNames of the Server service", "HVD911"),
        Note(54, "3.7", "One alias is a REG_SZ, several are a REG_MULTI_SZ", "HVD911"),
        Note(55, "3, alternative", "Or clients are led to the farm by a logon script or a software package", "HVD911") with { Remark = "setting Rules:PrintAliasesByScript", Limits = [5] },
        Note(56, "3.1, thought on", "A node that is a VM has to send with the cluster's address", "HVD904"),
    ];

    public static ImmutableArray<FieldNoteLimit> Limits { get; } =
    [
        new(1, "Emulated devices are slow, synthetic ones much faster", "A comparison: it takes a measurement inside the guest on the same hardware.", "HVD405 names the disks on the emulated controller."),
        new(2, "Requests of IDE pass through the worker process; SCSI spares a change of context", "It is how Hyper-V is built, and no counter tells it of a request.", "The load of a VM is shown."),
        new(3, "Some routers do not forward to a multicast address", "That is a property of the router, which no host knows.", "HVD903 warns of multicast."),
        new(4, "Not every release works straight away; results cannot be predicted", "It names no condition that could be looked for.", "HVD801 to HVD803 tell when a lab is in that situation."),
        new(5, "Scripts or packages lead users to new printers", "They live on clients and in management systems.", "A setting tells the rules that it is so."),
        new(6, "Such a change needs proper change management", "It is about people.", "Nothing."),
        new(7, "The solution works seamlessly", "It is an opinion.", "Nothing."),
        new(8, "Linux components and printmig are to be downloaded", "The places of then are gone.", "Rules name what there is today."),
        new(9, "Other ways were thought of: failover cluster, NLB, DFS", "It is the history of a decision.", "HVD914 names ways of today."),
        new(10, "All queues were moved without an outage", "It is over.", "HVD908 and HVD910 watch for the usual outages."),
        new(11, "Synthetic drivers look like ordinary ones in Windows", "It is how they look inside the guest.", "Nothing; only an agent in the guest could list them."),
        new(12, "Sparse is a type of disk beside dynamic", "Both words were used for disks that grow; Hyper-V knows fixed, dynamic and differencing.", "HVD413 looks for files that the file system keeps sparse, which is a fault."),
        new(13, "Integration services came before the first failover", "No host keeps the order of the two.", "HVD301 wants them now."),
        new(14, "The wizard made the switch", "Nothing marks such a switch.", "HVD203 takes it from the name and says that it is a guess."),
        new(15, "The language was another while the role was enabled", "Only the present one can be read.", "HVD101 compares the present one."),
        new(16, "How clients use the old names", "It takes an inventory of clients, or a record of connections.", "Nothing."),
    ];

    private static FieldNote Note(int number, string place, string statement, params ReadOnlySpan<string> rules) => new(number, place, statement) { Rules = [.. rules] };
}
