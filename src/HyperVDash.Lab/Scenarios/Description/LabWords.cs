namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>Text that Windows translates.</summary>
public sealed record LabWords
{
    public string VirtualMachine { get; init; } = "Virtual Machine";

    public string VirtualMachineDescription { get; init; } = "Microsoft Virtual Machine";

    public string HostingComputer { get; init; } = "Hosting Computer System";

    public string HostDescription { get; init; } = "Microsoft Hosting Computer System";

    public string OperatingNormally { get; init; } = "Operating normally";

    public string Settings { get; init; } = "Virtual Machine Settings";

    public string HardDrive { get; init; } = "Hard Drive";

    public string HardDiskImage { get; init; } = "Hard Disk Image";

    public string DvdDrive { get; init; } = "DVD Drive";

    public string DvdImage { get; init; } = "ISO Disk Image";

    public string Floppy { get; init; } = "Diskette Drive";

    public string IdeController { get; init; } = "IDE Controller";

    public string ScsiController { get; init; } = "SCSI Controller";

    public string NetworkAdapter { get; init; } = "Network Adapter";

    public string LegacyNetworkAdapter { get; init; } = "Legacy Network Adapter";

    public string Memory { get; init; } = "Memory";

    public string Processor { get; init; } = "Processor";

    public string Keyboard { get; init; } = "Keyboard";

    public string Mouse { get; init; } = "Mouse";

    public string Display { get; init; } = "Display Controller";

    public string SerialPort { get; init; } = "COM";

    public string Heartbeat { get; init; } = "Heartbeat";

    public string KeyValuePairs { get; init; } = "Key-Value Pair Exchange";

    public string Shutdown { get; init; } = "Shutdown";

    public string TimeSync { get; init; } = "Time Synchronization";

    public string Backup { get; init; } = "Backup (volume shadow copy)";

    public string GuestService { get; init; } = "Guest Service Interface";

    public string JumboPacket { get; init; } = "Jumbo Packet";

    public string Disabled { get; init; } = "Disabled";

    public string NoContact { get; init; } = "No Contact";

    public string VirtualMachineManagement { get; init; } = "Hyper-V Virtual Machine Management";

    public string FileServices { get; init; } = "File and Storage Services";

    public string PrintServices { get; init; } = "Print and Document Services";

    public string DnsServer { get; init; } = "DNS Server";

    public string DirectoryServices { get; init; } = "Active Directory Domain Services";

    public string Clustering { get; init; } = "Failover Clustering";

    public string PrintServer { get; init; } = "Print Server";

    public string FileServer { get; init; } = "File Server";

    public string LoadBalancing { get; init; } = "Network Load Balancing";

    public string Server { get; init; } = "Server";

    public string RemoteManagement { get; init; } = "Windows Remote Management (WS-Management)";

    public string PrintSpooler { get; init; } = "Print Spooler";

    public string WindowsTime { get; init; } = "Windows Time";

    public string NetworkingManagement { get; init; } = "Hyper-V Networking Management Service";

    public string ImageManagement { get; init; } = "Hyper-V Image Management Service";

    public string HostCompute { get; init; } = "Hyper-V Host Compute Service";

    public string ClusterService { get; init; } = "Cluster Service";

    public string ClusterGroup { get; init; } = "Cluster Group";

    public string AvailableStorage { get; init; } = "Available Storage";

    public string ClusterAddress { get; init; } = "Cluster IP Address";

    public string ClusterName { get; init; } = "Cluster Name";

    /// <summary>Before the VM's name, in the name that a cluster gives to its resource.</summary>
    public string VirtualMachineResource { get; init; } = "Virtual Machine";

    public string ConfigurationResource { get; init; } = "Virtual Machine Configuration";

    public string VirtualSwitch { get; init; } = "Virtual Switch";

    public string SwitchExtension { get; init; } = "Microsoft switch extension";

    public string GlobalSettings { get; init; } = "Global Virtual Machine Settings";

    /// <summary>After the name of a Windows that was not released yet.</summary>
    public string PreRelease { get; init; } = "";

    /// <summary>{0} is the disk, {1} the partition; Windows uses this text as a key.</summary>
    public string Partition { get; init; } = "Disk #{0}, Partition #{1}";

    /// <summary>What an event says; {0} is what it is about.</summary>
    public string EventText { get; init; } = "{0}";

    public static LabWords English { get; } = new();

    /// <summary>By the tag of the language, e.g. <c>fr</c>.</summary>
    public static IReadOnlyDictionary<string, LabWords> ByLanguage => new Dictionary<string, LabWords> { ["en"] = English, ["de"] = German, ["ja"] = Japanese, ["fr"] = French, ["zh"] = Chinese };

    public static LabWords German { get; } = new()
    {
        VirtualMachine = "Virtueller Computer", VirtualMachineDescription = "Virtueller Microsoft-Computer", HostingComputer = "Hostcomputersystem",
        HostDescription = "Microsoft-Hostcomputersystem", OperatingNormally = "Normaler Betrieb", Settings = "Einstellungen des virtuellen Computers",
        HardDrive = "Festplatte", HardDiskImage = "Festplattenabbild", DvdDrive = "DVD-Laufwerk", DvdImage = "ISO-Datenträgerabbild", Floppy = "Diskettenlaufwerk",
        IdeController = "IDE-Controller", ScsiController = "SCSI-Controller", NetworkAdapter = "Netzwerkkarte", LegacyNetworkAdapter = "Ältere Netzwerkkarte",
        Memory = "Arbeitsspeicher", Processor = "Prozessor", Keyboard = "Tastatur", Mouse = "Maus", Display = "Anzeigecontroller",
        Heartbeat = "Takt", KeyValuePairs = "Austausch von Schlüsselwertpaaren", Shutdown = "Herunterfahren", TimeSync = "Zeitsynchronisierung",
        Backup = "Sicherung (Volumeschattenkopie)", GuestService = "Gastdienstschnittstelle", NoContact = "Kein Kontakt", JumboPacket = "Großrahmen", Disabled = "Deaktiviert",
        VirtualMachineManagement = "Hyper-V-Verwaltung für virtuelle Computer", FileServices = "Datei-/Speicherdienste",
        PrintServices = "Druck- und Dokumentdienste", DnsServer = "DNS-Server", DirectoryServices = "Active Directory-Domänendienste", Clustering = "Failoverclustering",
        PrintServer = "Druckserver", FileServer = "Dateiserver", LoadBalancing = "Netzwerklastenausgleich", RemoteManagement = "Windows-Remoteverwaltung (WS-Verwaltung)",
        PrintSpooler = "Druckwarteschlange", WindowsTime = "Windows-Zeitgeber", NetworkingManagement = "Hyper-V-Netzwerkverwaltungsdienst", ImageManagement = "Hyper-V-Abbildverwaltungsdienst",
        HostCompute = "Hyper-V-Hostserverdienst", ClusterService = "Clusterdienst", ClusterGroup = "Clustergruppe", AvailableStorage = "Verfügbarer Speicher", ClusterAddress = "Cluster-IP-Adresse",
        ClusterName = "Clustername", VirtualMachineResource = "Virtueller Computer", ConfigurationResource = "Konfiguration des virtuellen Computers", VirtualSwitch = "Virtueller Switch",
        SwitchExtension = "Microsoft-Switcherweiterung", GlobalSettings = "Globale Einstellungen des virtuellen Computers", PreRelease = " (Vorabversion)", SerialPort = "COM-Anschluss",
        Partition = "Datenträgernr. {0}, Partitionsnr. {1}", EventText = "Es ist ein Fehler aufgetreten: {0}",
    };

    public static LabWords Japanese { get; } = new()
    {
        VirtualMachine = "仮想マシン", VirtualMachineDescription = "Microsoft 仮想マシン", HostingComputer = "ホスト コンピューター システム", HostDescription = "Microsoft ホスト コンピューター システム",
        OperatingNormally = "正常稼働中", Settings = "仮想マシンの設定", HardDrive = "ハード ドライブ", HardDiskImage = "ハード ディスク イメージ",
        DvdDrive = "DVD ドライブ", DvdImage = "ISO ディスク イメージ", Floppy = "フロッピー ディスク ドライブ", IdeController = "IDE コントローラー",
        ScsiController = "SCSI コントローラー", NetworkAdapter = "ネットワーク アダプター", LegacyNetworkAdapter = "レガシ ネットワーク アダプター", Memory = "メモリ",
        Processor = "プロセッサ", Keyboard = "キーボード", Mouse = "マウス", Display = "ディスプレイ コントローラー", Heartbeat = "ハートビート",
        KeyValuePairs = "キー値ペア交換", Shutdown = "シャットダウン", TimeSync = "時刻の同期", Backup = "バックアップ (ボリューム シャドウ コピー)",
        GuestService = "ゲスト サービス インターフェイス", NoContact = "通信なし", JumboPacket = "ジャンボ パケット", Disabled = "無効", VirtualMachineManagement = "Hyper-V 仮想マシンの管理",
        FileServices = "ファイル サービスと記憶域サービス", PrintServices = "印刷とドキュメント サービス", DnsServer = "DNS サーバー",
        DirectoryServices = "Active Directory ドメイン サービス", Clustering = "フェールオーバー クラスタリング",
        PrintServer = "プリント サーバー", FileServer = "ファイル サーバー", LoadBalancing = "ネットワーク負荷分散", Server = "サーバー", RemoteManagement = "Windows リモート管理 (WS-Management)",
        PrintSpooler = "印刷スプーラー", WindowsTime = "Windows タイム", NetworkingManagement = "Hyper-V ネットワーク管理サービス", ImageManagement = "Hyper-V イメージ管理サービス",
        HostCompute = "Hyper-V ホスト コンピューティング サービス", ClusterService = "クラスター サービス", ClusterGroup = "クラスター グループ", AvailableStorage = "利用可能記憶域", ClusterAddress = "クラスター IP アドレス",
        ClusterName = "クラスター名", VirtualMachineResource = "仮想マシン", ConfigurationResource = "仮想マシンの構成", VirtualSwitch = "仮想スイッチ", SwitchExtension = "Microsoft スイッチ拡張",
        GlobalSettings = "仮想マシンのグローバル設定", PreRelease = " (プレリリース版)", SerialPort = "COM ポート", Partition = "ディスク #{0}、パーティション #{1}", EventText = "エラーが発生しました: {0}",
    };

    public static LabWords French { get; } = new()
    {
        VirtualMachine = "Ordinateur virtuel", VirtualMachineDescription = "Ordinateur virtuel Microsoft", HostingComputer = "Système d’ordinateur hôte", HostDescription = "Système d’ordinateur hôte Microsoft",
        OperatingNormally = "Fonctionnement normal", Settings = "Paramètres de l’ordinateur virtuel", HardDrive = "Disque dur", HardDiskImage = "Image de disque dur", DvdDrive = "Lecteur de DVD",
        DvdImage = "Image de disque ISO", Floppy = "Lecteur de disquettes", IdeController = "Contrôleur IDE", ScsiController = "Contrôleur SCSI", NetworkAdapter = "Carte réseau",
        LegacyNetworkAdapter = "Carte réseau héritée", Memory = "Mémoire", Processor = "Processeur", Keyboard = "Clavier", Mouse = "Souris", Display = "Contrôleur d’affichage", SerialPort = "Port COM",
        Heartbeat = "Pulsation", KeyValuePairs = "Échange de paires clé-valeur", Shutdown = "Arrêter", TimeSync = "Synchronisation date/heure", Backup = "Sauvegarde (cliché instantané de volume)",
        GuestService = "Interface de services d’invité", JumboPacket = "Paquet géant", Disabled = "Désactivé", NoContact = "Pas de contact", VirtualMachineManagement = "Gestion d’ordinateurs virtuels Hyper-V",
        FileServices = "Services de fichiers et de stockage", PrintServices = "Services d’impression et de numérisation de document", DnsServer = "Serveur DNS", DirectoryServices = "Services AD DS",
        Clustering = "Clustering de basculement", PrintServer = "Serveur d’impression", FileServer = "Serveur de fichiers", LoadBalancing = "Équilibrage de la charge réseau", Server = "Serveur",
        RemoteManagement = "Gestion à distance de Windows (Gestion WSM)", PrintSpooler = "Spouleur d’impression", WindowsTime = "Temps Windows", NetworkingManagement = "Service de gestion réseau Hyper-V",
        ImageManagement = "Service de gestion d’images Hyper-V", HostCompute = "Service de calcul hôte Hyper-V", ClusterService = "Service de cluster", ClusterGroup = "Groupe du cluster",
        AvailableStorage = "Stockage disponible", ClusterAddress = "Adresse IP du cluster", ClusterName = "Nom du cluster", VirtualMachineResource = "Ordinateur virtuel",
        ConfigurationResource = "Configuration de l’ordinateur virtuel", VirtualSwitch = "Commutateur virtuel", SwitchExtension = "Extension de commutateur Microsoft",
        GlobalSettings = "Paramètres globaux de l’ordinateur virtuel", PreRelease = " (version préliminaire)", Partition = "Disque n° {0}, partition n° {1}", EventText = "Une erreur s’est produite : {0}",
    };

    public static LabWords Chinese { get; } = new()
    {
        VirtualMachine = "虚拟机", VirtualMachineDescription = "Microsoft 虚拟机", HostingComputer = "宿主计算机系统", HostDescription = "Microsoft 宿主计算机系统", OperatingNormally = "运行正常",
        Settings = "虚拟机设置", HardDrive = "硬盘驱动器", HardDiskImage = "硬盘映像", DvdDrive = "DVD 驱动器", DvdImage = "ISO 磁盘映像", Floppy = "软盘驱动器", IdeController = "IDE 控制器",
        ScsiController = "SCSI 控制器", NetworkAdapter = "网络适配器", LegacyNetworkAdapter = "旧版网络适配器", Memory = "内存", Processor = "处理器", Keyboard = "键盘", Mouse = "鼠标", Display = "显示控制器",
        SerialPort = "COM 端口", Heartbeat = "检测信号", KeyValuePairs = "键值对交换", Shutdown = "关闭", TimeSync = "时间同步", Backup = "备份(卷影副本)", GuestService = "来宾服务接口", JumboPacket = "巨型帧",
        Disabled = "已禁用", NoContact = "无联系", VirtualMachineManagement = "Hyper-V 虚拟机管理", FileServices = "文件和存储服务", PrintServices = "打印和文件服务", DnsServer = "DNS 服务器",
        DirectoryServices = "Active Directory 域服务", Clustering = "故障转移群集", PrintServer = "打印服务器", FileServer = "文件服务器", LoadBalancing = "网络负载平衡", Server = "服务器",
        RemoteManagement = "Windows 远程管理 (WS-Management)", PrintSpooler = "打印后台处理程序", WindowsTime = "Windows 时间", NetworkingManagement = "Hyper-V 网络管理服务", ImageManagement = "Hyper-V 映像管理服务",
        HostCompute = "Hyper-V 主机计算服务", ClusterService = "群集服务", ClusterGroup = "群集组", AvailableStorage = "可用存储", ClusterAddress = "群集 IP 地址", ClusterName = "群集名称",
        VirtualMachineResource = "虚拟机", ConfigurationResource = "虚拟机配置", VirtualSwitch = "虚拟交换机", SwitchExtension = "Microsoft 交换机扩展", GlobalSettings = "虚拟机全局设置",
        PreRelease = " (预发行版)", Partition = "磁盘 #{0}，分区 #{1}", EventText = "发生错误：{0}",
    };
}
